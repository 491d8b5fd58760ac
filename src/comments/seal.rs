//! A moment with a seal: proof that a page of ours was asked for some time before its form came back.
//!
//! The pages of articles are static, so they cannot carry the time at which a reader opened them. Only
//! pages that the receiver makes itself can: the page that shows a comment once more before it is sent.
//! HMAC-SHA-256 (RFC 2104) over moment and article, with a key that this process drew at its start.
//! After a restart a seal is worth nothing, and the reader sees that page again.

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::article::time::Timestamp;

/// From sealing to sending, in seconds: nobody reads and presses a button faster.
const AT_LEAST: i64 = 2;

/// From sealing to sending, in seconds: who went to lunch may still send.
const AT_MOST: i64 = 12 * 3600;

/// The key.
pub(super) struct Seal {
    key: [u8; 32],
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal")
    }
}

/// What a sealed moment is worth.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    /// Enough time has passed.
    Good,
    /// It is ours, and too young.
    TooSoon,
    /// It is not there, not ours, or too old.
    None,
}

impl Seal {
    /// Draws a key.
    ///
    /// # Errors
    /// The system has no random numbers.
    pub(super) fn draw() -> std::io::Result<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).map_err(std::io::Error::other)?;
        Ok(Self { key })
    }

    /// `now` with a seal: seconds, a dot, the code in hexadecimal.
    pub(super) fn seal(&self, now: Timestamp, article: &str) -> String {
        let code = self.code(now.0, article).finalize().into_bytes();
        let mut text = format!("{}.", now.0);
        code.iter().for_each(|byte| text.push_str(&format!("{byte:02x}")));
        text
    }

    /// What `sealed` is worth at `now`.
    pub(super) fn check(&self, sealed: &str, now: Timestamp, article: &str) -> Proof {
        let Some((at, code)) = sealed.split_once('.') else { return Proof::None };
        let (Ok(at), Some(code)) = (at.parse::<i64>(), bytes(code)) else { return Proof::None };
        if self.code(at, article).verify_slice(&code).is_err() {
            return Proof::None;
        }
        match now.0 - at {
            ..AT_LEAST => Proof::TooSoon,
            AT_LEAST..=AT_MOST => Proof::Good,
            _ => Proof::None,
        }
    }

    fn code(&self, at: i64, article: &str) -> Hmac<Sha256> {
        let mut code = Hmac::<Sha256>::new_from_slice(&self.key).expect("a key of any length will do");
        code.update(&at.to_le_bytes());
        code.update(article.as_bytes());
        code
    }
}

fn bytes(hexadecimal: &str) -> Option<Vec<u8>> {
    let is_sound = hexadecimal.len() == 64 && hexadecimal.bytes().all(|byte| byte.is_ascii_hexdigit());
    let byte = |at: usize| u8::from_str_radix(&hexadecimal[at..at + 2], 16).ok();
    is_sound.then(|| (0..64).step_by(2).map(byte).collect())?
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_is_good_for_its_article_and_its_time() {
        let seal = Seal::draw().expect("random numbers");
        let sealed = seal.seal(Timestamp(1000), "/a/");
        assert_eq!(seal.check(&sealed, Timestamp(1001), "/a/"), Proof::TooSoon);
        assert_eq!(seal.check(&sealed, Timestamp(1010), "/a/"), Proof::Good);
        assert_eq!(seal.check(&sealed, Timestamp(1010), "/b/"), Proof::None);
        assert_eq!(seal.check(&sealed, Timestamp(1000 + AT_MOST + 1), "/a/"), Proof::None);
        assert_eq!(seal.check(&sealed.replace("1000.", "0900."), Timestamp(1010), "/a/"), Proof::None);
        assert_eq!(Seal::draw().expect("random").check(&sealed, Timestamp(1010), "/a/"), Proof::None);
        for junk in ["", ".", "1000.", "1000.zz", "x.00", "1000.é"] {
            assert_eq!(seal.check(junk, Timestamp(1010), "/a/"), Proof::None, "{junk}");
        }
    }
}
