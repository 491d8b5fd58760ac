//! One bucket, asked through HTTP: signing, retries, and as many requests at the same time as the service likes.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use ureq::http::Request;
use ureq::{Agent, Body};

use super::credentials::{Credentials, region};
use super::sign;
use crate::config::{DeployTarget, FILE};
use crate::deploy::{Clock, Options};
use crate::diagnostic::{Diagnostic, Place};
use crate::pipeline::Failure;

/// So often is a request repeated that failed for a reason that passes.
const RETRIES: u32 = 5;

/// The first pause before a request is repeated; each further one is twice as long.
const FIRST_PAUSE: Duration = Duration::from_millis(100);

/// The longest pause, also if the service asks for more.
const LONGEST_PAUSE: Duration = Duration::from_secs(30);

/// The largest answer that is read: a page of a listing, or a base of the record.
const LARGEST_ANSWER: u64 = 1 << 30;

/// Asks one bucket.
pub(super) struct Client {
    agent: Agent,
    /// Scheme and host.
    origin: String,
    host: String,
    /// What the path begins with: the bucket, or nothing where it is part of the host.
    base: String,
    bucket: String,
    region: String,
    credentials: Credentials,
    clock: Clock,
    requests: Arc<AtomicUsize>,
    allowed: AtomicUsize,
    ahead: AtomicI64,
    /// How long a request may take with all its repetitions.
    pub(super) patience: Option<Duration>,
}

/// A request.
#[derive(Clone, Debug)]
pub(super) struct Ask<'a> {
    pub(super) method: &'static str,
    /// The key; empty for the bucket itself.
    pub(super) key: String,
    pub(super) query: Vec<(&'static str, String)>,
    pub(super) headers: Vec<(&'static str, String)>,
    pub(super) body: &'a [u8],
}

impl Ask<'_> {
    pub(super) fn new(method: &'static str, key: String) -> Self {
        Self { method, key, query: Vec::new(), headers: Vec::new(), body: b"" }
    }
}

/// What the service answers.
#[derive(Clone, Debug, Default)]
pub(super) struct Answer {
    pub(super) status: u16,
    /// The ETag as it was sent.
    pub(super) tag: String,
    pub(super) body: Vec<u8>,
    /// Whether the request was sent more than once.
    pub(super) was_retried: bool,
    retry_after: Option<Duration>,
    /// How far this machine's clock is behind.
    skew: i64,
    bucket: String,
}

impl Answer {
    /// The code of an error.
    pub(super) fn code(&self) -> &str {
        let text = std::str::from_utf8(&self.body).unwrap_or_default();
        text.split_once("<Code>").and_then(|(_, rest)| rest.split_once("</Code>")).map_or("", |(code, _)| code)
    }

    /// Whether the body as a whole is an error.
    fn is_error(&self) -> bool {
        let text = String::from_utf8_lossy(&self.body);
        let text = text.trim_start();
        let root = text.strip_prefix("<?xml").and_then(|rest| rest.split_once("?>")).map_or(text, |(_, rest)| rest);
        root.trim_start().starts_with("<Error")
    }

    /// Whether the same request may be answered otherwise in a moment.
    fn may_pass(&self) -> bool {
        matches!(self.status, 408 | 425 | 429 | 500..=599) && self.status != 501
            || matches!(self.code(), "RequestTimeout" | "SlowDown")
    }

    /// The answer, if the request was carried out.
    ///
    /// # Errors
    /// It was not.
    pub(super) fn expect_success(self, ask: &Ask<'_>) -> Result<Self, Failure> {
        let is_of_s3 = match ask.method {
            "PUT" => !self.tag.is_empty(),
            "DELETE" => self.body.is_empty(),
            _ => true,
        };
        match self.status {
            200..=299 if is_of_s3 => return Ok(self),
            200..=299 => return Err(not_of_s3(ask)),
            _ => {}
        }
        let (message, hint) = match (self.status, self.code()) {
            (_, "RequestTimeTooSkewed") => (
                format!("the clock of this machine differs from that of the service by {} s", self.skew.abs()),
                "set the clock of this machine".to_owned(),
            ),
            (_, "NoSuchBucket") => {
                (format!("there is no bucket `{}`", self.bucket), "create it, or correct its address".into())
            }
            (_, "InvalidAccessKeyId" | "SignatureDoesNotMatch" | "InvalidToken" | "ExpiredToken") | (401, _) => (
                format!("the service does not know these credentials ({})", self.code()),
                "look at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or at the profile".into(),
            ),
            // Some services answer 403 where a quota is used up.
            (507, _) | (_, "QuotaExceeded" | "EntityTooLarge" | "StorageFull") => {
                (format!("the bucket `{}` takes no more", self.bucket), "make room in it, or raise its quota".into())
            }
            (403, code) => (
                format!("the credentials do not allow {} in the bucket `{}` ({code})", ask.method, self.bucket),
                "they need GetObject, PutObject, DeleteObject, and ListBucket, without which S3 answers 403 for a file \
                 that is not there"
                    .into(),
            ),
            (301 | 307, _) => (
                format!("the bucket `{}` is in another region", self.bucket),
                "set `region` in site.yaml, or AWS_REGION".into(),
            ),
            (status, code) => (
                format!("{} of `{}` was answered with {status} {code}", ask.method, ask.key),
                "deploy again; what was done is noted".into(),
            ),
        };
        Err(Failure::Machine(Diagnostic::error(message.trim_end().to_owned()).hint(hint)))
    }
}

impl Client {
    /// A client of a bucket.
    ///
    /// # Errors
    /// There are no credentials, or the endpoint is not an address.
    pub(super) fn new(
        bucket: &str,
        settings: &DeployTarget,
        options: &Options,
        requests: Arc<AtomicUsize>,
    ) -> Result<Self, Failure> {
        let credentials = Credentials::find(options.environment)?;
        let region = settings.region.clone().or_else(|| region(options.environment));
        let region = region.unwrap_or_else(|| "us-east-1".into());
        let (origin, base) = match &settings.endpoint {
            Some(endpoint) => (endpoint.trim_end_matches('/').to_owned(), format!("/{bucket}")),
            // A certificate covers one label only.
            None if bucket.contains('.') => (format!("https://s3.{region}.amazonaws.com"), format!("/{bucket}")),
            None => (format!("https://{bucket}.s3.{region}.amazonaws.com"), String::new()),
        };
        let bad = || {
            let problem = Diagnostic::error(format!("`{origin}` is not an address")).at(Place::file(FILE));
            Failure::site(problem.hint("write `endpoint` with scheme and host, as in `https://s3.example`"))
        };
        let url = url::Url::parse(&origin).map_err(|_| bad())?;
        // Some services live below a path, which is signed as a part of the address.
        let base = format!("{}{base}", url.path().trim_end_matches('/'));
        let host = url.host_str().ok_or_else(bad)?.to_owned();
        let host = url.port().map_or(host.clone(), |port| format!("{host}:{port}"));
        let timeout = settings.timeout.duration();
        let agent = Agent::config_builder()
            .user_agent(concat!("courant/", env!("CARGO_PKG_VERSION")))
            .timeout_connect(Some(Duration::from_secs(10).min(timeout)))
            .timeout_recv_response(Some(timeout))
            .timeout_send_body(Some(timeout.max(Duration::from_secs(1)) * 20))
            .timeout_recv_body(Some(timeout.max(Duration::from_secs(1)) * 20))
            .http_status_as_error(false)
            .max_redirects(0)
            .max_redirects_will_error(false)
            .max_idle_connections(options.jobs)
            .max_idle_connections_per_host(options.jobs)
            .build();
        Ok(Self {
            agent: agent.into(),
            origin: url.origin().ascii_serialization(),
            host,
            base,
            bucket: bucket.to_owned(),
            region,
            credentials,
            clock: options.clock,
            requests,
            allowed: AtomicUsize::new(options.jobs),
            ahead: AtomicI64::new(0),
            patience: None,
        })
    }

    /// How many requests may run at the same time.
    pub(super) fn allowed(&self) -> usize {
        self.allowed.load(Ordering::Relaxed)
    }

    /// How far the clock of the service is ahead.
    pub(super) fn ahead(&self) -> i64 {
        self.ahead.load(Ordering::Relaxed)
    }

    /// Asks until there is an answer that will stay the same.
    ///
    /// # Errors
    /// The service does not answer.
    pub(super) fn ask(&self, ask: &Ask<'_>) -> Result<Answer, Failure> {
        let began = Instant::now();
        let left = || self.patience.map(|patience| patience.saturating_sub(began.elapsed()));
        for attempt in 0.. {
            let (why, retry_after) = match self.ask_once(ask, left()) {
                Ok(answer) if answer.may_pass() && attempt < RETRIES => {
                    if matches!(answer.status, 429 | 503) || answer.code() == "SlowDown" {
                        let fewer = self.allowed().div_ceil(2).max(1);
                        self.allowed.store(fewer, Ordering::Relaxed);
                    }
                    (format!("{} {}", answer.status, answer.code()), answer.retry_after)
                }
                Ok(mut answer) => {
                    answer.was_retried = attempt > 0;
                    return Ok(answer);
                }
                Err(error) if is_final(&error) => return Err(self.unreachable(&error.to_string())),
                Err(error) => (error.to_string(), None),
            };
            if attempt == RETRIES {
                return Err(self.unreachable(&why));
            }
            let pause = pause(attempt, retry_after);
            if left().is_some_and(|left| left <= pause) {
                return Err(self.unreachable(why.trim_end()));
            }
            std::thread::sleep(pause);
        }
        unreachable!("the loop ends after the last retry")
    }

    fn unreachable(&self, why: &str) -> Failure {
        Failure::Machine(
            Diagnostic::error(format!("{} does not answer: {why}", self.origin))
                .hint("deploy again when it does; what was done is noted"),
        )
    }

    fn ask_once(&self, ask: &Ask<'_>, patience: Option<Duration>) -> Result<Answer, ureq::Error> {
        self.requests.fetch_add(1, Ordering::Relaxed);
        let now = jiff::Timestamp::from_second(self.clock.now()).unwrap_or_default();
        let date = now.strftime("%Y%m%dT%H%M%SZ").to_string();
        let path = format!("{}/{}", self.base, sign::encode_path(&ask.key));
        let hash = sign::hash(ask.body);
        let mut headers: Vec<(String, String)> =
            ask.headers.iter().map(|(name, value)| ((*name).to_owned(), value.clone())).collect();
        headers.push(("host".into(), self.host.clone()));
        headers.push(("x-amz-date".into(), date.clone()));
        headers.push(("x-amz-content-sha256".into(), hash.clone()));
        if let Some(token) = &self.credentials.token {
            headers.push(("x-amz-security-token".into(), token.clone()));
        }
        let signed =
            sign::Request { method: ask.method, path: &path, query: &ask.query, headers: &headers, body: &hash };
        let authorization = sign::authorization(&signed, &self.credentials, &self.region, &date);
        let query = sign::query(&ask.query);
        let query = if query.is_empty() { query } else { format!("?{query}") };
        let mut request = Request::builder().method(ask.method).uri(format!("{}{path}{query}", self.origin));
        for (name, value) in headers.iter().filter(|(name, _)| name != "host") {
            request = request.header(name, value);
        }
        let request = request.header("authorization", authorization);
        let response = if matches!(ask.method, "PUT" | "POST") {
            self.agent.run(self.agent.configure_request(request.body(ask.body)?).timeout_global(patience).build())?
        } else {
            self.agent.run(self.agent.configure_request(request.body(())?).timeout_global(patience).build())?
        };
        let mut answer = self.read(response, now.as_second())?;
        // What takes long begins with this status, and may end with an error all the same
        // (<https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html>).
        if ask.method == "POST" && answer.status == 200 && answer.is_error() {
            answer.status = 500;
        }
        Ok(answer)
    }

    fn read(&self, response: ureq::http::Response<Body>, now: i64) -> Result<Answer, ureq::Error> {
        let (parts, mut body) = response.into_parts();
        let header = |name: &str| parts.headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned);
        let date = header("date").and_then(|date| httpdate::parse_http_date(&date).ok());
        let date =
            date.and_then(|date| date.duration_since(std::time::UNIX_EPOCH).ok()).map(|date| date.as_secs() as i64);
        let ahead = date.map_or(0, |date| date - now);
        self.ahead.store(if ahead.abs() > 2 { ahead } else { 0 }, Ordering::Relaxed);
        Ok(Answer {
            status: parts.status.as_u16(),
            tag: header("etag").unwrap_or_default(),
            body: body.with_config().limit(LARGEST_ANSWER).read_to_vec()?,
            was_retried: false,
            retry_after: header("retry-after").and_then(|text| text.trim().parse().ok()).map(Duration::from_secs),
            skew: ahead,
            bucket: self.bucket.clone(),
        })
    }
}

/// An answer that says yes, and is not one of S3: a page of a proxy, perhaps.
pub(super) fn not_of_s3(ask: &Ask<'_>) -> Failure {
    let message =
        format!("{} of `{}` was answered by something that does not speak the language of S3", ask.method, ask.key);
    Failure::Machine(
        Diagnostic::error(message).hint("look at the address of the service, and at what stands before it"),
    )
}

/// Whether asking again would be of no use.
fn is_final(error: &ureq::Error) -> bool {
    matches!(
        error,
        ureq::Error::BadUri(_) | ureq::Error::Http(_) | ureq::Error::Tls(_) | ureq::Error::RequireHttpsOnly(_)
    )
}

/// How long to wait before the next attempt: a random part of a time that doubles, or what the service asks for.
fn pause(attempt: u32, asked: Option<Duration>) -> Duration {
    let mut byte = [0_u8; 1];
    let _ = getrandom::fill(&mut byte);
    let share = 0.5 + f64::from(byte[0]) / 255.0;
    let own = (FIRST_PAUSE * 2_u32.pow(attempt)).mul_f64(share);
    asked.map_or(own, |asked| asked.max(own)).min(LONGEST_PAUSE)
}
