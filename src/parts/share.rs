//! Which part of how many: `3/16`, or what the engine that runs the parts says in its variables.
//!
//! It decides which outputs belong to a part, and nothing about how they are made.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::diagnostic::Diagnostic;
use crate::fingerprint::Fingerprint;
use crate::plan::Output;
use crate::render::Renderer;

/// Most parts of a build.
const MOST: u32 = 65_536;

/// One part of a build.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Share {
    /// Which one, from 1.
    number: u32,
    /// Of how many.
    of: u32,
}

impl fmt::Display for Share {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.number, self.of)
    }
}

impl FromStr for Share {
    type Err = Diagnostic;

    fn from_str(text: &str) -> Result<Self, Diagnostic> {
        let numbers = text.split_once('/').and_then(|(number, of)| Some((number_in(number)?, number_in(of)?)));
        numbers.and_then(|(number, of)| Self::new(number, of)).ok_or_else(|| {
            Diagnostic::error(format!("--part: `{text}` is not a part such as 3/16"))
                .hint(format!("write K/N with K from 1 to N and N at most {MOST}, or `auto`"))
        })
    }
}

/// An engine that runs many jobs, and the variables in which it says which one this is.
struct Engine {
    /// What is set if it is this engine.
    index: &'static str,
    /// The index of the first job.
    first: First,
    /// How many jobs there are: the first of these that is set.
    counts: &'static [&'static str],
}

enum First {
    Is(u32),
    /// The variables of the first index and of the distance between two.
    Named(&'static str, &'static str),
}

const ENGINES: [Engine; 5] = [
    Engine {
        index: "SLURM_ARRAY_TASK_ID",
        first: First::Named("SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP"),
        counts: &["SLURM_ARRAY_TASK_COUNT"],
    },
    Engine { index: "JOB_COMPLETION_INDEX", first: First::Is(0), counts: &["COURANT_PARTS"] },
    Engine {
        index: "AWS_BATCH_JOB_ARRAY_INDEX",
        first: First::Is(0),
        counts: &["AWS_BATCH_JOB_ARRAY_SIZE", "COURANT_PARTS"],
    },
    Engine { index: "NOMAD_ALLOC_INDEX", first: First::Is(0), counts: &["COURANT_PARTS"] },
    Engine { index: "CI_NODE_INDEX", first: First::Is(1), counts: &["CI_NODE_TOTAL"] },
];

impl Share {
    /// Part `number` of `of`, counted from 1.
    pub fn new(number: u32, of: u32) -> Option<Self> {
        (1..=of).contains(&number).then_some(Self { number, of }).filter(|share| share.of <= MOST)
    }

    /// Which one, from 1.
    pub fn number(self) -> u32 {
        self.number
    }

    /// Of how many.
    pub fn of(self) -> u32 {
        self.of
    }

    /// The part that the environment says this is.
    ///
    /// # Errors
    /// It says nothing, too little, or several things.
    pub fn of_environment(environment: &dyn Fn(&str) -> Option<String>) -> Result<Self, Diagnostic> {
        let wrong = |message: String| Diagnostic::error(format!("--part auto: {message}"));
        let engines: Vec<&Engine> = ENGINES.iter().filter(|engine| environment(engine.index).is_some()).collect();
        let engine = match engines[..] {
            [engine] => engine,
            [] => {
                let names: Vec<&str> = ENGINES.iter().map(|engine| engine.index).collect();
                let problem = wrong(format!("none of these variables is set: {}", names.join(", ")));
                return Err(problem.hint("name the part: `--part 3/16`"));
            }
            _ => {
                let names: Vec<&str> = engines.iter().map(|engine| engine.index).collect();
                let problem = wrong(format!("{} are set, and may mean different parts", names.join(" and ")));
                return Err(problem.hint("name the part: `--part 3/16`"));
            }
        };
        let number = |name: &str| match environment(name) {
            Some(text) => number_in(text.trim()).ok_or_else(|| wrong(format!("{name} is `{text}`, not a number"))),
            None => Err(wrong(format!("{} is set, and {name} is not", engine.index))),
        };
        let index = number(engine.index)?;
        let count = engine.counts.iter().find(|name| environment(name).is_some()).unwrap_or(&engine.counts[0]);
        let of = number(count)?;
        let (first, step) = match engine.first {
            First::Is(first) => (first, 1),
            First::Named(first, step) if environment(step).is_some() => match (number(first)?, number(step)?) {
                (_, 0) => return Err(wrong(format!("{step} is 0, so all jobs would be one"))),
                both => both,
            },
            First::Named(first, _) => (number(first)?, 1),
        };
        let at = index.checked_sub(first).filter(|at| at.is_multiple_of(step)).map(|at| at / step);
        let share = at.and_then(|at| Self::new(at.checked_add(1)?, of));
        share.ok_or_else(|| {
            wrong(format!("{} is {index} and {count} is {of}, which is no part of them", engine.index))
                .hint("the indices of the jobs must follow each other; or name the part: `--part 3/16`")
        })
    }

    /// Whether an output belongs to this part.
    pub(super) fn has(self, renderer: &Renderer, number: usize) -> bool {
        let hash = match renderer.plan.outputs[number] {
            // One look at a photograph gives all its copies.
            Output::Variant(at, _) => {
                let row = renderer.plan.images.all[at as usize].row;
                number_of(&renderer.index.rows[row as usize].content)
            }
            _ => renderer.plan.files[number],
        };
        hash % u64::from(self.of) == u64::from(self.number - 1)
    }
}

/// A number in digits, and nothing else.
fn number_in(text: &str) -> Option<u32> {
    text.parse().ok().filter(|_| !text.starts_with('+'))
}

fn number_of(content: &Fingerprint) -> u64 {
    let [a, b, c, d, e, f, g, h, ..] = *content.bytes();
    u64::from_le_bytes([a, b, c, d, e, f, g, h])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn auto(variables: &[(&str, &str)]) -> Result<String, String> {
        let environment =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned());
        Share::of_environment(&environment).map(|share| share.to_string()).map_err(|problem| problem.message)
    }

    #[test]
    fn each_engine_says_it_in_its_own_way() {
        let slurm = |id, min, count| {
            auto(&[("SLURM_ARRAY_TASK_ID", id), ("SLURM_ARRAY_TASK_MIN", min), ("SLURM_ARRAY_TASK_COUNT", count)])
        };
        assert_eq!((slurm("0", "0", "4"), slurm("7", "4", "4")), (Ok("1/4".into()), Ok("4/4".into())));
        let steps = [
            ("SLURM_ARRAY_TASK_ID", "8"),
            ("SLURM_ARRAY_TASK_MIN", "0"),
            ("SLURM_ARRAY_TASK_STEP", "4"),
            ("SLURM_ARRAY_TASK_COUNT", "3"),
        ];
        assert_eq!(auto(&steps), Ok("3/3".into()));
        assert_eq!(auto(&[("JOB_COMPLETION_INDEX", "2"), ("COURANT_PARTS", "3")]), Ok("3/3".into()));
        let batch = [("AWS_BATCH_JOB_ARRAY_INDEX", "0"), ("AWS_BATCH_JOB_ARRAY_SIZE", "9"), ("COURANT_PARTS", "3")];
        assert_eq!(auto(&batch), Ok("1/9".into()));
        assert_eq!(auto(&[("NOMAD_ALLOC_INDEX", "1"), ("COURANT_PARTS", "2")]), Ok("2/2".into()));
        assert_eq!(auto(&[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "2")]), Ok("1/2".into()));
    }

    #[test]
    fn what_is_not_clear_names_its_variables() {
        let message = |variables: &[(&str, &str)], wanted: &[&str]| {
            let message = auto(variables).expect_err("unclear");
            for name in wanted {
                assert!(message.contains(name), "{name}: {message}");
            }
        };
        message(&[], &["SLURM_ARRAY_TASK_ID", "CI_NODE_INDEX"]);
        message(&[("JOB_COMPLETION_INDEX", "2")], &["JOB_COMPLETION_INDEX", "COURANT_PARTS"]);
        message(&[("CI_NODE_INDEX", "0"), ("CI_NODE_TOTAL", "2")], &["CI_NODE_INDEX is 0", "CI_NODE_TOTAL"]);
        message(&[("CI_NODE_INDEX", "x"), ("CI_NODE_TOTAL", "2")], &["CI_NODE_INDEX is `x`"]);
        message(
            &[("CI_NODE_INDEX", "1"), ("CI_NODE_TOTAL", "2"), ("JOB_COMPLETION_INDEX", "0"), ("COURANT_PARTS", "2")],
            &["JOB_COMPLETION_INDEX and CI_NODE_INDEX"],
        );
        for (index, count) in
            [("JOB_COMPLETION_INDEX", "COURANT_PARTS"), ("AWS_BATCH_JOB_ARRAY_INDEX", "AWS_BATCH_JOB_ARRAY_SIZE")]
        {
            for last in ["4294967295", "4294967296", "+1", "-1"] {
                message(&[(index, last), (count, "2")], &[index]);
            }
        }
        let slurm = |id, step, wanted| {
            let names =
                ["SLURM_ARRAY_TASK_ID", "SLURM_ARRAY_TASK_MIN", "SLURM_ARRAY_TASK_STEP", "SLURM_ARRAY_TASK_COUNT"];
            let values = [id, "0", step, "3"];
            message(&std::array::from_fn::<_, 4, _>(|at| (names[at], values[at])), &[wanted]);
        };
        slurm("4294967295", "1", "SLURM_ARRAY_TASK_ID");
        slurm("0", "0", "SLURM_ARRAY_TASK_STEP is 0");
        slurm("+1", "1", "SLURM_ARRAY_TASK_ID is `+1`");
        // Tasks 3, 9 and 20 of an array do not follow each other.
        let sparse = [("SLURM_ARRAY_TASK_ID", "20"), ("SLURM_ARRAY_TASK_MIN", "3"), ("SLURM_ARRAY_TASK_COUNT", "3")];
        message(&sparse, &["SLURM_ARRAY_TASK_ID is 20", "SLURM_ARRAY_TASK_COUNT is 3"]);
    }

    #[test]
    fn a_part_is_one_of_them() {
        for bad in ["0/4", "5/4", "1/0", "1", "a/b", "1/65537", "-1/3", "1/3/5", "+1/3", "1/+3", " 1/3"] {
            assert!(bad.parse::<Share>().is_err(), "{bad}");
        }
        assert_eq!("3/16".parse::<Share>().map(|share| share.to_string()), Ok("3/16".into()));
    }
}
