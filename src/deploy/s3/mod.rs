//! A bucket of S3, or of a service that speaks its language, as a target and as a store of the record.
//!
//! Six requests are enough: GET, HEAD, PUT, DELETE, LIST and POST. Every one is retried, and none is trusted that was not
//! answered: a conditional write that may have been carried out before its answer was lost is read back.
//!
//! What goes up is read when it is sent. Each request at a time has at most 16 MiB of it in memory, or a ten-thousandth
//! of the file where that is more, however large the file is.

mod bulk;
mod client;
mod credentials;
mod parts;
mod sign;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{Read as _, Write as _};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use quick_xml::Reader;
use quick_xml::events::Event;

use client::{Answer, Ask, Client};

use super::headers::Headers;
use super::target::{Got, If, Step, Store, Target, Work};
use super::{Options, STATE, failed};
use crate::config::DeployTarget;
use crate::pipeline::Failure;

/// For more files than that, a listing of the bucket takes fewer requests than a question for each.
const MOST_ASKED: usize = 100;

/// The keys of a bucket that begin with a prefix.
#[derive(Clone)]
pub(super) struct Bucket {
    client: Arc<Client>,
    prefix: String,
    jobs: usize,
}

impl Bucket {
    /// The bucket with the settings of a target; each request is counted in `requests`.
    ///
    /// # Errors
    /// There are no credentials.
    pub(super) fn open(
        bucket: &str,
        prefix: &str,
        settings: &DeployTarget,
        options: &Options,
        requests: &Arc<AtomicUsize>,
    ) -> Result<Self, Failure> {
        let client = Client::new(bucket, settings, options, Arc::clone(requests))?;
        Ok(Self { client: Arc::new(client), prefix: prefix.to_owned(), jobs: options.jobs })
    }

    /// The same bucket, in which each request is answered within this time, with all its repetitions, or not at all.
    pub(super) fn within(mut self, patience: Option<Duration>) -> Self {
        Arc::get_mut(&mut self.client).expect("nobody else has it yet").patience = patience;
        self
    }

    /// The same bucket, for the record of what was deployed to it.
    pub(super) fn state(&self) -> Self {
        Self { prefix: format!("{}{STATE}/", self.prefix), ..self.clone() }
    }

    fn key(&self, path: &str) -> String {
        format!("{}{path}", self.prefix)
    }

    /// Does so many things, as many at the same time as the service likes. The first failure ends it.
    fn each(&self, count: usize, act: &(dyn Fn(usize) -> Result<(), Failure> + Sync)) -> Result<(), Failure> {
        let next = AtomicUsize::new(0);
        let failure: Mutex<Option<Failure>> = Mutex::default();
        let has_failed = || failure.lock().expect("no panic while locked").is_some();
        let run = |worker: usize| {
            while !has_failed() {
                // The service has asked for fewer requests at the same time.
                if worker >= self.client.allowed() {
                    if next.load(Ordering::Relaxed) >= count {
                        return;
                    }
                    std::thread::sleep(Duration::from_millis(20));
                    continue;
                }
                let at = next.fetch_add(1, Ordering::Relaxed);
                if at >= count {
                    return;
                }
                if let Err(error) = act(at) {
                    failure.lock().expect("no panic while locked").get_or_insert(error);
                }
            }
        };
        std::thread::scope(|scope| {
            for worker in 1..self.jobs.min(count) {
                let run = &run;
                scope.spawn(move || run(worker));
            }
            run(0);
        });
        failure.into_inner().expect("no panic while locked").map_or(Ok(()), Err)
    }

    fn step(&self, step: Step<'_>, work: &Work<'_>) -> Result<String, Failure> {
        match step {
            Step::Put(path, entry) => {
                let headers = Headers::of(path, entry.class, work.settings);
                let mut all = vec![("content-type", headers.content_type), ("cache-control", headers.cache_control)];
                let mut parts = work.release.open(path)?;
                if parts.left() > parts::LARGE as u64 {
                    let size = parts::size_of_part(parts.left());
                    let mut parts = std::iter::from_fn(|| parts.next(size).transpose());
                    return self.put_in_parts(&self.key(path), all, &mut parts);
                }
                let body = parts.next(parts::LARGE)?.unwrap_or_default();
                if let Some(to) = headers.redirects.then(|| leads_to(&body)).flatten() {
                    all.push(("x-amz-website-redirect-location", to));
                }
                let ask = Ask { headers: all, body: &body, ..Ask::new("PUT", self.key(path)) };
                Ok(self.client.ask(&ask)?.expect_success(&ask)?.tag)
            }
            Step::Remove(path) => {
                self.remove(path)?;
                Ok(String::new())
            }
        }
    }
}

impl Target for Bucket {
    fn has_headers(&self) -> bool {
        true
    }

    fn in_the_way(&self, files: &[(&str, bool)]) -> Result<Vec<String>, Failure> {
        let asked: Vec<&str> = files.iter().filter(|(_, is_asked)| *is_asked).map(|(path, _)| *path).collect();
        // A listing tells of a thousand files at once.
        if asked.len() > MOST_ASKED {
            let held = self.list()?.unwrap_or_default();
            return Ok(asked.into_iter().filter(|path| held.contains_key(*path)).map(str::to_owned).collect());
        }
        let found = Mutex::new(Vec::new());
        self.each(asked.len(), &|at| {
            if self.tag(asked[at])?.is_some() {
                found.lock().expect("no panic while locked").push(asked[at].to_owned());
            }
            Ok(())
        })?;
        let mut found = found.into_inner().expect("no panic while locked");
        found.sort_unstable();
        Ok(found)
    }

    fn carry_out(&self, steps: &[Step<'_>], work: &Work<'_>) -> Result<(), Failure> {
        let todo = self.remove_many(steps, work)?;
        self.each(todo.len(), &|at| {
            let at = todo[at];
            (work.may_go_on)()?;
            let tag = self.step(steps[at], work)?;
            (work.done)(at, &tag)
        })
    }

    fn tag(&self, path: &str) -> Result<Option<String>, Failure> {
        let ask = Ask::new("HEAD", self.key(path));
        match self.client.ask(&ask)? {
            Answer { status: 404, .. } => Ok(None),
            answer => Ok(Some(answer.expect_success(&ask)?.tag)),
        }
    }

    fn list(&self) -> Result<Option<BTreeMap<String, String>>, Failure> {
        let mut files = BTreeMap::new();
        let mut token: Option<String> = None;
        loop {
            let mut ask = Ask::new("GET", String::new());
            ask.query = vec![("list-type", "2".into()), ("prefix", self.prefix.clone())];
            ask.query.extend(token.take().map(|token| ("continuation-token", token)));
            let answer = self.client.ask(&ask)?.expect_success(&ask)?;
            let page = Page::read(&answer.body).ok_or_else(|| client::not_of_s3(&ask))?;
            for (key, tag) in page.files {
                let Some(path) = key.strip_prefix(&self.prefix) else { continue };
                if !path.is_empty() && path.split('/').next() != Some(STATE) {
                    files.insert(path.to_owned(), tag);
                }
            }
            match page.next {
                Some(next) => token = Some(next),
                None => return Ok(Some(files)),
            }
        }
    }
}

impl Store for Bucket {
    fn get(&self, name: &str, known: Option<&str>) -> Result<Got, Failure> {
        let mut ask = Ask::new("GET", self.key(name));
        ask.headers.extend(known.map(|known| ("if-none-match", known.to_owned())));
        let answer = self.client.ask(&ask)?;
        match answer.status {
            304 => Ok(Got::Same),
            404 if answer.code() != "NoSuchBucket" => Ok(Got::Nothing),
            _ => answer.expect_success(&ask).map(|answer| Got::File(answer.body, answer.tag)),
        }
    }

    fn put(&self, name: &str, bytes: &[u8], only: If<'_>) -> Result<Option<String>, Failure> {
        let mut headers =
            vec![("content-type", "application/octet-stream".into()), ("cache-control", "no-store".into())];
        match only {
            If::Any => {}
            If::Absent => headers.push(("if-none-match", "*".into())),
            If::Is(tag) => headers.push(("if-match", tag.to_owned())),
        }
        let ask = Ask { headers, body: bytes, ..Ask::new("PUT", self.key(name)) };
        let answer = self.client.ask(&ask)?;
        match (answer.status, only) {
            // Of a file that is not there, no tag is right (AWS answers 404).
            (409 | 412, _) | (404, If::Is(_)) if answer.code() != "NoSuchBucket" => {
                // The first try may have been carried out, and only its answer been lost.
                match self.get(name, None)? {
                    Got::File(there, tag) if answer.was_retried && there == bytes => Ok(Some(tag)),
                    _ => Ok(None),
                }
            }
            _ => answer.expect_success(&ask).map(|answer| Some(answer.tag)),
        }
    }

    fn put_file(&self, name: &str, file: &mut File) -> Result<(), Failure> {
        let cannot = failed("read", "the file that goes out");
        let length = file.metadata().map_err(&cannot)?.len();
        if length > parts::LARGE as u64 {
            return self.put_file_in_parts(&self.key(name), file, length);
        }
        let mut bytes = Vec::new();
        file.read_to_end(&mut bytes).map_err(&cannot)?;
        self.put(name, &bytes, If::Any).map(|_| ())
    }

    fn fetch(&self, name: &str, to: &mut File) -> Result<bool, Failure> {
        let mut at = 0;
        loop {
            let mut ask = Ask::new("GET", self.key(name));
            ask.headers.push(("range", format!("bytes={at}-{}", at + parts::LARGE - 1)));
            let answer = self.client.ask(&ask)?;
            match answer.status {
                404 if answer.code() != "NoSuchBucket" => return Ok(false),
                // Nothing is left, or nothing was there.
                416 => return Ok(true),
                _ => {}
            }
            let is_all = answer.status == 200;
            let answer = answer.expect_success(&ask)?;
            to.write_all(&answer.body).map_err(failed("write", "what comes in"))?;
            at += answer.body.len();
            if is_all || answer.body.len() < parts::LARGE {
                return Ok(true);
            }
        }
    }

    fn remove(&self, name: &str) -> Result<(), Failure> {
        let ask = Ask::new("DELETE", self.key(name));
        let answer = self.client.ask(&ask)?;
        if answer.status != 404 {
            answer.expect_success(&ask)?;
        }
        Ok(())
    }

    fn ahead(&self) -> i64 {
        self.client.ahead()
    }
}

/// Where a page at an old address leads to, as an S3 website wants it: a path, or an address.
fn leads_to(page: &[u8]) -> Option<String> {
    let text = std::str::from_utf8(page).ok()?;
    let (_, rest) = text.split_once("<meta http-equiv=\"refresh\" content=\"0; url=")?;
    let to = html_escape::decode_html_entities(rest.split_once('"')?.0).into_owned();
    let is_address = to.starts_with('/') || to.starts_with("http://") || to.starts_with("https://");
    (is_address && to.chars().all(|c| (' '..='~').contains(&c))).then_some(to)
}

/// Whether an answer is an element of this name, to its end.
fn is_whole(xml: &[u8], name: &str) -> bool {
    let mut reader = Reader::from_reader(xml);
    let (mut depth, mut is_right) = (0_usize, false);
    loop {
        match reader.read_event() {
            Ok(Event::Start(start)) => {
                is_right |= depth == 0 && start.local_name().as_ref() == name;
                depth += 1;
            }
            Ok(Event::Empty(element)) => is_right |= depth == 0 && element.local_name().as_ref() == name,
            Ok(Event::End(_)) => depth = depth.saturating_sub(1),
            Ok(Event::Eof) => return is_right && depth == 0,
            Ok(_) => {}
            Err(_) => return false,
        }
    }
}

/// What stands in each element of this name.
fn elements(xml: &[u8], name: &str) -> Vec<String> {
    let text = String::from_utf8_lossy(xml);
    let (begin, end) = (format!("<{name}>"), format!("</{name}>"));
    let parts = text.split(&*begin).skip(1).filter_map(|rest| rest.split_once(&*end));
    parts.map(|(part, _)| html_escape::decode_html_entities(part).into_owned()).collect()
}

/// What stands in the first element of this name.
fn element(xml: &[u8], name: &str) -> Option<String> {
    elements(xml, name).into_iter().next()
}

/// A page of a listing.
#[derive(Debug, Default)]
struct Page {
    files: Vec<(String, String)>,
    next: Option<String>,
}

impl Page {
    /// Reads `ListBucketResult`
    /// (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html>). None if the answer is something else,
    /// or has lost its end, or does not say how the listing goes on.
    fn read(xml: &[u8]) -> Option<Self> {
        if !is_whole(xml, "ListBucketResult") {
            return None;
        }
        let mut is_cut = false;
        let mut page = Self::default();
        let mut reader = Reader::from_reader(xml);
        let (mut key, mut tag, mut text) = (String::new(), String::new(), String::new());
        loop {
            match reader.read_event() {
                Ok(Event::Start(_)) => text.clear(),
                Ok(Event::Text(part)) => text.push_str(&part),
                Ok(Event::GeneralRef(name)) => {
                    let entity = format!("&{};", &*name);
                    text.push_str(&html_escape::decode_html_entities(&entity));
                }
                Ok(Event::End(end)) => {
                    let value = std::mem::take(&mut text);
                    match end.local_name().as_ref() {
                        "Key" => key = value,
                        "ETag" => tag = value,
                        "Contents" => page.files.push((std::mem::take(&mut key), std::mem::take(&mut tag))),
                        "NextContinuationToken" => page.next = Some(value),
                        "IsTruncated" => is_cut = value == "true",
                        _ => {}
                    }
                }
                Ok(Event::Eof) | Err(_) => return (!is_cut || page.next.is_some()).then_some(page),
                Ok(_) => {}
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_listing_is_read_with_its_entities() {
        let xml = "<?xml version=\"1.0\"?><ListBucketResult xmlns=\"x\"><Contents><Key>a/b &amp; c.html</Key><ETag>&quot;1f&quot;</ETag>\
            <Size>3</Size></Contents><Contents><Key>d</Key><ETag>\"2\"</ETag></Contents>\
            <NextContinuationToken>t=</NextContinuationToken></ListBucketResult>";
        let page = Page::read(xml.as_bytes()).expect("a listing");
        let wanted = [("a/b & c.html", "\"1f\""), ("d", "\"2\"")].map(|(key, tag)| (key.to_owned(), tag.to_owned()));
        assert_eq!((page.files, page.next.as_deref()), (wanted.into(), Some("t=")));
    }

    #[test]
    fn what_is_no_whole_listing_is_none() {
        let is_listing = |xml: &str| Page::read(xml.as_bytes()).is_some();
        let listing = "<?xml version=\"1.0\"?><ListBucketResult><IsTruncated>false</IsTruncated></ListBucketResult>";
        assert!(is_listing(listing) && is_listing("<ListBucketResult/>"));
        for end in 0..listing.len() {
            assert!(!is_listing(&listing[..end]), "{end}");
        }
        assert!(!is_listing(&listing.replace("false", "true")), "it does not say how to go on");
        for other in ["<html><body>Welcome</body></html>", "<!doctype html><p>Welcome", "OK", "<Error/>"] {
            assert!(!is_listing(other), "{other}");
        }
    }

    #[test]
    fn a_page_at_an_old_address_tells_where_it_leads() {
        let page = |to: &str| format!("<head>\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n").into_bytes();
        assert_eq!(leads_to(&page("/local/a&amp;b/")).as_deref(), Some("/local/a&b/"));
        assert_eq!(leads_to(&page("javascript:x")), None);
        assert_eq!(leads_to(b"<html>"), None);
    }
}
