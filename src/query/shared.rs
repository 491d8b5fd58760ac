//! The answers that pages share in a build: each question is answered once, however many pages ask it.

use std::sync::Mutex;

use rustc_hash::FxHashMap;

use super::Question;
use crate::fingerprint::Fingerprint;

/// The distinct questions that pages share in a build, each with its number and the fingerprint of its answer.
#[derive(Debug, Default)]
pub(crate) struct SharedAnswers(Mutex<FxHashMap<Question, (u32, Fingerprint)>>);

impl SharedAnswers {
    /// The number of a question and the fingerprint of its answer, which is computed at most once a build
    /// (twice, if two threads ask for the first time at the same moment).
    pub(crate) fn record(&self, question: Question, answer: impl FnOnce() -> Fingerprint) -> (u32, Fingerprint) {
        if let Some(known) = self.0.lock().expect("no panic while locked").get(&question) {
            return *known;
        }
        let answer = answer();
        let mut table = self.0.lock().expect("no panic while locked");
        let next = table.len() as u32;
        *table.entry(question).or_insert((next, answer))
    }

    /// Empties the table into a list in the order of the numbers.
    pub(crate) fn take(&self) -> Vec<(Question, Fingerprint)> {
        let table = std::mem::take(&mut *self.0.lock().expect("no panic while locked"));
        let mut all: Vec<_> =
            table.into_iter().map(|(question, (number, answer))| (number, question, answer)).collect();
        all.sort_unstable_by_key(|(number, _, _)| *number);
        all.into_iter().map(|(_, question, answer)| (question, answer)).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::LanguageId;

    #[test]
    fn a_query_is_answered_once_and_keeps_its_number() {
        let table = SharedAnswers::default();
        let first = table.record(Question::Menu(LanguageId::MAIN), || Fingerprint::of(b"a"));
        let again = table.record(Question::Menu(LanguageId::MAIN), || panic!("asked before"));
        assert_eq!((first, first.0), (again, 0));
        assert_eq!(table.record(Question::Texts(LanguageId::MAIN), Fingerprint::default).0, 1);
        assert_eq!(table.take()[0], (Question::Menu(LanguageId::MAIN), Fingerprint::of(b"a")));
    }
}
