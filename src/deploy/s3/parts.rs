//! Large objects in parts: what fails on the way costs one part, not the whole.
//!
//! Three kinds of request, after <https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html>: one that
//! begins, one for each part, one that puts them together. Before the last one readers get what was there before.

use std::fmt::Write as _;
use std::fs::File;
use std::io::Read as _;

use super::client::Ask;
use super::{Bucket, element};
use crate::deploy::failed;
use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// Bytes above which an object goes up in parts.
pub(super) const LARGE: usize = 16 << 20;

/// Bytes of a part. S3 wants at least 5 MiB.
const PART: usize = 8 << 20;

/// Most parts of an object.
const MOST_PARTS: u64 = 10_000;

/// The parts of an object, in order. One of them is in memory at a time.
pub(super) type Parts<'p> = &'p mut dyn Iterator<Item = Result<Vec<u8>, Failure>>;

/// How large the parts of an object of this length are: a ten-thousandth of it, if it has more than 78 GiB.
pub(super) fn size_of_part(length: u64) -> usize {
    (PART as u64).max(length.div_ceil(MOST_PARTS)) as usize
}

impl Bucket {
    /// Writes an object from a file of this length, a part of which is in memory at a time.
    ///
    /// # Errors
    /// As [`put_in_parts`](Self::put_in_parts), or the file cannot be read.
    pub(super) fn put_file_in_parts(&self, key: &str, file: &mut File, length: u64) -> Result<(), Failure> {
        let size = size_of_part(length);
        let mut parts = (0..length.div_ceil(size as u64)).map(|_| {
            let mut part = Vec::with_capacity(size);
            let read = (&mut *file).take(size as u64).read_to_end(&mut part);
            read.map_err(failed("read", "the file that goes out"))?;
            Ok(part)
        });
        let headers = vec![("content-type", "application/octet-stream".to_owned())];
        self.put_in_parts(key, headers, &mut parts).map(|_| ())
    }

    /// Writes a large object with these headers; its tag. A part that fails ends it: readers get what was there before.
    ///
    /// # Errors
    /// The service does not take it. It keeps no parts then, as far as it answers.
    pub(super) fn put_in_parts(
        &self,
        key: &str,
        headers: Vec<(&'static str, String)>,
        parts: Parts<'_>,
    ) -> Result<String, Failure> {
        let begin = Ask { query: vec![("uploads", String::new())], headers, ..Ask::new("POST", key.to_owned()) };
        let answer = self.client.ask(&begin)?.expect_success(&begin)?;
        let upload = element(&answer.body, "UploadId").ok_or_else(|| incomplete(key))?;
        let done = self.send_parts(key, &upload, parts);
        if done.is_err() {
            // Parts that nobody puts together would be paid for.
            let _ = self.client.ask(&Ask { query: vec![("uploadId", upload)], ..Ask::new("DELETE", key.to_owned()) });
        }
        done
    }

    fn send_parts(&self, key: &str, upload: &str, parts: Parts<'_>) -> Result<String, Failure> {
        let mut all = String::from("<CompleteMultipartUpload xmlns=\"http://s3.amazonaws.com/doc/2006-03-01/\">");
        for (at, part) in parts.enumerate() {
            let part = part?;
            let number = (at + 1).to_string();
            let query = vec![("partNumber", number.clone()), ("uploadId", upload.to_owned())];
            let ask = Ask { query, body: &part, ..Ask::new("PUT", key.to_owned()) };
            let tag = self.client.ask(&ask)?.expect_success(&ask)?.tag;
            let tag = html_escape::encode_text(&tag);
            let _ = write!(all, "<Part><PartNumber>{number}</PartNumber><ETag>{tag}</ETag></Part>");
        }
        all.push_str("</CompleteMultipartUpload>");
        let query = vec![("uploadId", upload.to_owned())];
        let headers = vec![("content-type", "application/xml".to_owned())];
        let ask = Ask { query, headers, body: all.as_bytes(), ..Ask::new("POST", key.to_owned()) };
        let answer = self.client.ask(&ask)?.expect_success(&ask)?;
        element(&answer.body, "ETag").ok_or_else(|| incomplete(key))
    }
}

fn incomplete(key: &str) -> Failure {
    let problem = Diagnostic::error(format!("the service does not say what became of the parts of `{key}`"));
    Failure::Machine(problem.hint("deploy again; what was done is noted"))
}
