//! Many removals in one request (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html>).
//!
//! Whatever it does not do, for whatever reason, is removed one by one: not every service knows it.

use std::fmt::Write as _;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;

use super::client::Ask;
use super::{Bucket, elements, is_whole, sign};
use crate::deploy::target::{Step, Work};
use crate::pipeline::Failure;

/// From so many removals on one request is better than many, which run at the same time.
const MANY: usize = 20;

/// Most keys of a request.
const MOST_KEYS: usize = 1000;

impl Bucket {
    /// Removes what can be removed at once. Returns the places of the steps that are still to be carried out.
    ///
    /// # Errors
    /// The service does not answer.
    pub(super) fn remove_many(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<Vec<usize>, Failure> {
        let all: Vec<usize> = (0..steps.len()).collect();
        if steps.len() < MANY || steps.iter().any(|step| matches!(step, Step::Put(..))) {
            return Ok(all);
        }
        let mut left = Vec::new();
        for (at, some) in all.chunks(MOST_KEYS).enumerate() {
            (work.may_go_on)()?;
            let keys: Vec<String> = some.iter().map(|at| self.key(steps[*at].path())).collect();
            let Some(kept) = self.remove_keys(&keys)? else {
                left.extend_from_slice(&all[at * MOST_KEYS..]);
                break;
            };
            for (at, key) in some.iter().zip(&keys) {
                if kept.contains(key) {
                    left.push(*at);
                } else {
                    (work.done)(*at, "")?;
                }
            }
        }
        Ok(left)
    }

    /// Removes these keys and returns those that remain. `None` if the service does not support the request.
    fn remove_keys(&self, keys: &[String]) -> Result<Option<Vec<String>>, Failure> {
        let mut body = String::from("<Delete xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\"><Quiet>true</Quiet>");
        for key in keys {
            let _ = write!(body, "<Object><Key>{}</Key></Object>", html_escape::encode_text(key));
        }
        body.push_str("</Delete>");
        // The service takes no list whose checksum it does not know.
        let headers = vec![
            ("content-type", "application/xml".to_owned()),
            ("x-amz-sdk-checksum-algorithm", "SHA256".to_owned()),
            ("x-amz-checksum-sha256", STANDARD.encode(sign::digest(body.as_bytes()))),
        ];
        let query = vec![("delete", String::new())];
        let ask = Ask { query, headers, body: body.as_bytes(), ..Ask::new("POST", String::new()) };
        let answer = self.client.ask(&ask)?;
        if matches!(answer.status, 400 | 405 | 411 | 501) {
            return Ok(None);
        }
        let answer = answer.expect_success(&ask)?;
        Ok(Some(kept(&answer.body, keys)))
    }
}

/// Those of the keys that remain, as an answer tells. One that tells of an error without saying of which key may be
/// speaking of any of them, and one of something else speaks of none: what was not removed must not count as gone.
fn kept(answer: &[u8], keys: &[String]) -> Vec<String> {
    let errors = String::from_utf8_lossy(answer).matches("<Error>").count();
    let named: Vec<String> = elements(answer, "Key").into_iter().filter(|key| keys.contains(key)).collect();
    if named.len() < errors || !is_whole(answer, "DeleteResult") {
        return keys.to_vec();
    }
    // Without an error it names no key, or only those that are gone.
    if errors == 0 { Vec::new() } else { named }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_answer_does_not_say_is_removed_counts_as_kept() {
        let keys = ["a & b.html", "c.html"].map(str::to_owned);
        let kept = |answer: &str| kept(answer.as_bytes(), &keys);
        let error = |key: &str| format!("<Error><Key>{key}</Key><Code>AccessDenied</Code></Error>");
        assert!(kept("<DeleteResult/>").is_empty());
        assert!(kept("<DeleteResult><Deleted><Key>c.html</Key></Deleted></DeleteResult>").is_empty());
        assert_eq!(kept(&format!("<DeleteResult>{}</DeleteResult>", error("a &amp; b.html"))), ["a & b.html"]);
        assert_eq!(kept("<Error><Code>InternalError</Code></Error>"), keys);
        for other in ["", "OK", "<html><body>Welcome</body></html>", "<DeleteResult>", "<DeleteResult><Deleted/>"] {
            assert_eq!(kept(other), keys, "{other}");
        }
        assert_eq!(kept(&format!("<DeleteResult>{}{}</DeleteResult>", error("c.html"), error("else"))), keys);
    }
}
