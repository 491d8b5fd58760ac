//! Traces: what was recorded when a page was rendered.

use std::fmt;
use std::marker::PhantomData;
use std::num::ParseIntError;
use std::str::FromStr;
use std::sync::OnceLock;

use rustc_hash::FxHashMap;
use serde::de::{SeqAccess, Visitor};
use serde::{Deserialize, Deserializer, Serialize};

use super::Question;
use crate::diagnostic::Diagnostic;
use crate::fingerprint::{Fingerprint, Fingerprinter, file_id};
use crate::plan::Class;
use crate::source::Stamp;

/// The inputs and questions of one rendering.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTrace {
    /// Everything the template could reach.
    pub template: Fingerprint,
    /// Kind and parameters.
    pub plan: Fingerprint,
    /// The own source's bytes.
    pub source: Fingerprint,
    /// Numbers of the questions that other pages ask too.
    pub shared: Box<[u32]>,
    /// Questions that hardly another page asks, with the fingerprints of their answers.
    pub own: Box<[(Question, Fingerprint)]>,
    /// How many of both the body asked, which come first.
    pub body: (u32, u32),
    /// What was worth a warning: repeated as long as the page is fresh. One pointer, since there are
    /// millions of traces and hardly any warnings.
    pub warnings: Option<Box<Vec<Diagnostic>>>,
}

impl PageTrace {
    /// What was worth a warning.
    pub fn warnings(&self) -> &[Diagnostic] {
        self.warnings.as_deref().map_or(&[], Vec::as_slice)
    }
}

/// How a compressed copy of a file is compressed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// RFC 1952.
    Gzip,
    /// RFC 7932.
    Brotli,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 2] = [Self::Gzip, Self::Brotli];

    /// What its name has behind the file's.
    pub fn ending(self) -> &'static str {
        match self {
            Self::Gzip => ".gz",
            Self::Brotli => ".br",
        }
    }

    /// The compressed copy of a file.
    pub fn path(self, of: &str) -> String {
        format!("{of}{}", self.ending())
    }
}

/// The compressed copies of a file, as they were written.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PrecompressedFiles {
    /// How they were made.
    pub recipe: u64,
    /// Those that were tried; of these only the ones that are worth it are there.
    pub tried: Vec<Encoding>,
    /// Those that are there.
    pub files: Vec<(Encoding, Stamp)>,
}

/// A trace with what was written.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
pub struct Trace {
    /// The file, relative to the output folder. Empty in a slot that is vacant.
    pub path: Box<str>,
    /// Inputs and questions.
    pub page: PageTrace,
    /// Length and modification time of what we wrote.
    pub stamp: Stamp,
    /// The bytes we wrote.
    pub content: Fingerprint,
    /// What was written beside it.
    pub precompressed: Option<Box<PrecompressedFiles>>,
    /// How it goes out.
    pub class: Class,
    /// The [`file_id`] of the source that it tells of or leads to; 0 if there is no such source.
    pub origin: u64,
}

impl Trace {
    /// The compressed copies that are there.
    pub fn precompressed(&self) -> &[(Encoding, Stamp)] {
        self.precompressed.as_ref().map_or(&[], |precompressed| &precompressed.files)
    }
}

/// What was written, without inputs and questions: read from the bytes of a [`Trace`] in less time and memory.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Written {
    /// As [`Trace::path`].
    pub path: Box<str>,
    /// As [`PageTrace::source`].
    #[serde(deserialize_with = "source_of")]
    pub source: Fingerprint,
    /// As [`Trace::stamp`].
    pub stamp: Stamp,
    /// As [`Trace::content`].
    pub content: Fingerprint,
    precompressed: Option<Box<PrecompressedFiles>>,
    /// As [`Trace::class`].
    pub class: Class,
    /// As [`Trace::origin`].
    pub origin: u64,
}

impl Written {
    /// How the compressed copies were made; 0 without any.
    pub fn recipe(&self) -> u64 {
        self.precompressed.as_ref().map_or(0, |precompressed| precompressed.recipe)
    }

    /// As [`Trace::precompressed`].
    pub fn precompressed(&self) -> &[(Encoding, Stamp)] {
        self.precompressed.as_ref().map_or(&[], |precompressed| &precompressed.files)
    }
}

impl From<Trace> for Written {
    fn from(trace: Trace) -> Self {
        let Trace { path, page, stamp, content, precompressed, class, origin } = trace;
        Self { path, source: page.source, stamp, content, precompressed, class, origin }
    }
}

/// The source of a [`PageTrace`], past its other fields.
fn source_of<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Fingerprint, D::Error> {
    type Questions = (Skipped<u32>, Skipped<(Question, Fingerprint)>);
    type Rest = (Questions, (u32, u32), Option<Skipped<Diagnostic>>);
    let (_, _, source, _) = <(Fingerprint, Fingerprint, Fingerprint, Rest)>::deserialize(deserializer)?;
    Ok(source)
}

/// A list of which nothing is kept.
#[derive(Clone, Debug)]
struct Skipped<T>(PhantomData<T>);

impl<T> Default for Skipped<T> {
    fn default() -> Self {
        Self(PhantomData)
    }
}

impl<'de, T: Deserialize<'de>> Deserialize<'de> for Skipped<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_seq(Self::default())
    }
}

impl<'de, T: Deserialize<'de>> Visitor<'de> for Skipped<T> {
    type Value = Self;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a list")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Self, A::Error> {
        while list.next_element::<T>()?.is_some() {}
        Ok(self)
    }
}

/// What an output folder holds, summed up in any order: paths, bytes, compressed copies. Log and folder carry the
/// same one; a log of another state of the folder is worth nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Generation(u128);

impl Generation {
    fn of(trace: &Trace) -> Self {
        let mut file = Fingerprinter::new("generation");
        file.text(&trace.path).part(&trace.content);
        trace.precompressed().iter().for_each(|(encoding, _)| {
            file.text(encoding.ending());
        });
        Self(u128::from_le_bytes(*file.finish().bytes()))
    }

    /// Adds the files of a trace.
    pub fn add(&mut self, trace: &Trace) {
        self.0 = self.0.wrapping_add(Self::of(trace).0);
    }

    /// Takes away the files of a trace.
    pub fn remove(&mut self, trace: &Trace) {
        self.0 = self.0.wrapping_sub(Self::of(trace).0);
    }

    /// The two together.
    pub fn plus(self, other: Self) -> Self {
        Self(self.0.wrapping_add(other.0))
    }
}

impl fmt::Display for Generation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.0)
    }
}

impl FromStr for Generation {
    type Err = ParseIntError;

    fn from_str(text: &str) -> Result<Self, ParseIntError> {
        u128::from_str_radix(text, 16).map(Self)
    }
}

/// The traces of the last build. Each has a slot, which it keeps from build to build.
#[derive(Debug, Default)]
pub struct Traces {
    /// The slots.
    pub pages: Vec<Trace>,
    /// The questions that the traces number, with the fingerprints of their answers.
    pub questions: Vec<(Question, Fingerprint)>,
    /// Slots by [`file_id`].
    by_file: OnceLock<FxHashMap<u64, u32>>,
}

/// What one build changed in the traces.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct TraceChanges {
    /// Traces that are new or were made anew.
    pub set: Vec<(u32, Trace)>,
    /// Slots of outputs that are not planned any more.
    pub vacated: Vec<u32>,
    /// Questions that are new or have another answer.
    pub questions: Vec<(u32, Question, Fingerprint)>,
}

impl Traces {
    /// The traces in a log.
    pub fn new(pages: Vec<Trace>, questions: Vec<(Question, Fingerprint)>) -> Self {
        Self { pages, questions, by_file: OnceLock::new() }
    }

    /// The slot of a file.
    pub fn find(&self, file: u64) -> Option<u32> {
        let by_file = self.by_file.get_or_init(|| {
            let taken = self.pages.iter().enumerate().filter(|(_, trace)| !trace.path.is_empty());
            taken.map(|(slot, trace)| (file_id(&trace.path), slot as u32)).collect()
        });
        by_file.get(&file).copied()
    }

    /// The trace of a file.
    pub fn of_file(&self, path: &str) -> Option<&Trace> {
        self.find(file_id(path)).map(|slot| &self.pages[slot as usize])
    }

    /// Slots that are vacant, and then new ones.
    pub fn free(&self) -> impl Iterator<Item = u32> {
        let vacant = self.pages.iter().enumerate().filter(|(_, trace)| trace.path.is_empty());
        vacant.map(|(slot, _)| slot as u32).chain(self.pages.len() as u32..)
    }

    /// Makes what a build changed true. None if the changes belong to other traces.
    pub fn apply(&mut self, changes: TraceChanges) -> Option<()> {
        for slot in changes.vacated {
            let trace = std::mem::take(self.pages.get_mut(slot as usize)?);
            if let Some(by_file) = self.by_file.get_mut() {
                by_file.remove(&file_id(&trace.path));
            }
        }
        for (slot, trace) in changes.set {
            if let Some(by_file) = self.by_file.get_mut() {
                by_file.insert(file_id(&trace.path), slot);
            }
            set(&mut self.pages, slot, trace)?;
        }
        for (number, question, answer) in changes.questions {
            set(&mut self.questions, number, (question, answer))?;
        }
        Some(())
    }

    /// Gives up vacant slots and questions that no trace numbers.
    pub fn compact(&mut self) {
        self.by_file = OnceLock::new();
        self.pages.retain(|trace| !trace.path.is_empty());
        const UNUSED: u32 = u32::MAX;
        let mut numbers = vec![UNUSED; self.questions.len()];
        let mut kept = Vec::new();
        for trace in &mut self.pages {
            for number in &mut trace.page.shared {
                let new = &mut numbers[*number as usize];
                if *new == UNUSED {
                    *new = kept.len() as u32;
                    kept.push(self.questions[*number as usize].clone());
                }
                *number = *new;
            }
        }
        self.questions = kept;
    }
}

impl TraceChanges {
    /// Makes the changes true in what was written by slots. None if they belong to something else.
    pub fn apply_to(self, written: &mut Vec<Written>) -> Option<()> {
        for slot in self.vacated {
            *written.get_mut(slot as usize)? = Written::default();
        }
        self.set.into_iter().try_for_each(|(slot, trace)| set(written, slot, trace.into()))
    }
}

/// Puts an item into a place of the list or behind its end; none if the place is farther away.
fn set<T>(items: &mut Vec<T>, at: u32, item: T) -> Option<()> {
    let at = at as usize;
    if at == items.len() {
        items.push(item);
    } else {
        *items.get_mut(at)? = item;
    }
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LanguageId;

    fn trace(path: &str, shared: &[u32]) -> Trace {
        Trace {
            path: path.into(),
            page: PageTrace { shared: shared.into(), ..PageTrace::default() },
            ..Trace::default()
        }
    }

    #[test]
    fn slots_stay_and_are_used_again() {
        let mut traces = Traces::new(vec![trace("a", &[]), trace("b", &[])], Vec::new());
        assert_eq!((traces.find(file_id("a")), traces.find(file_id("b"))), (Some(0), Some(1)));
        traces.apply(TraceChanges { vacated: vec![0], ..TraceChanges::default() }).expect("its own");
        assert_eq!((traces.find(file_id("a")), traces.free().take(2).collect::<Vec<_>>()), (None, vec![0, 2]));
        let set = vec![(0, trace("c", &[])), (2, trace("d", &[]))];
        traces.apply(TraceChanges { set, ..TraceChanges::default() }).expect("its own");
        assert_eq!((traces.find(file_id("c")), traces.find(file_id("d"))), (Some(0), Some(2)));
        assert!(traces.apply(TraceChanges { set: vec![(9, trace("e", &[]))], ..TraceChanges::default() }).is_none());
    }

    #[test]
    fn what_was_written_is_read_from_the_bytes_of_a_trace() {
        let packed = PrecompressedFiles {
            recipe: 7,
            tried: Encoding::ALL.to_vec(),
            files: vec![(Encoding::Brotli, Stamp { length: 1, modified: 2, file: 0 })],
        };
        let page = PageTrace {
            template: Fingerprint::of(b"template"),
            plan: Fingerprint::of(b"plan"),
            source: Fingerprint::of(b"source"),
            shared: Box::new([3, 700, 1]),
            own: Box::new([(Question::Menu(LanguageId::MAIN), Fingerprint::of(b"answer"))]),
            body: (1, 1000),
            warnings: Some(Box::new(vec![Diagnostic::warning("odd").hint("mend it"), Diagnostic::warning("odder")])),
        };
        let whole = Trace {
            path: "a/index.html".into(),
            page,
            stamp: Stamp { length: 5, modified: -6, file: 0 },
            content: Fingerprint::of(b"content"),
            precompressed: Some(Box::new(packed)),
            class: Class::Entry,
            origin: u64::MAX,
        };
        let all = [Trace::default(), whole, trace("b", &[1])];
        let read: Vec<Written> = postcard::from_bytes(&postcard::to_stdvec(&all[..]).expect("encoded")).expect("read");
        assert_eq!(read.len(), 3);
        for (trace, read) in all.into_iter().zip(read) {
            for read in [read, trace.clone().into()] {
                assert_eq!((&read.path, read.stamp, read.content), (&trace.path, trace.stamp, trace.content));
                assert_eq!((read.class, read.origin, read.source), (trace.class, trace.origin, trace.page.source));
                assert_eq!(read.precompressed(), trace.precompressed());
                assert_eq!(read.recipe(), if trace.precompressed.is_some() { 7 } else { 0 });
            }
        }
    }

    #[test]
    fn a_generation_knows_what_and_not_in_which_order() {
        let (a, b) = (trace("a", &[]), trace("b", &[]));
        let (mut one, mut other) = (Generation::default(), Generation::default());
        one.add(&a);
        one.add(&b);
        other.add(&b);
        assert_ne!(one, other);
        other.add(&a);
        assert_eq!(one, other);
        assert_eq!(one.to_string().parse(), Ok(one));
        let packed =
            PrecompressedFiles { files: vec![(Encoding::Gzip, Stamp::default())], ..PrecompressedFiles::default() };
        one.remove(&a);
        one.add(&Trace { precompressed: Some(Box::new(packed)), ..a });
        assert_ne!(one, other);
    }

    #[test]
    fn what_nobody_asks_is_given_up() {
        let questions = [Question::Menu, Question::Texts, Question::Sections]
            .map(|question| question(LanguageId::MAIN))
            .map(|question| (question, Fingerprint::default()));
        let mut traces = Traces::new(vec![trace("a", &[2, 0]), trace("", &[]), trace("b", &[0])], questions.into());
        traces.compact();
        assert_eq!(
            traces.questions.iter().map(|(question, _)| question).collect::<Vec<_>>(),
            [&Question::Sections(LanguageId::MAIN), &Question::Menu(LanguageId::MAIN)]
        );
        assert_eq!((&*traces.pages[0].page.shared, &*traces.pages[1].page.shared), (&[0, 1][..], &[1][..]));
    }
}
