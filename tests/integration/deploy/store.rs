//! Stores for tests: servers that speak the language of S3, started on loopback, and a proxy in front of them that
//! notes each request and spoils some.

#![allow(unreachable_pub, reason = "a part of one test program")]

use std::collections::BTreeMap;
use std::io::{ErrorKind, Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use tempfile::TempDir;

/// A program of the folder that `.ci/run` fills, or of the environment; none if it is not installed.
fn program(name: &str) -> Option<PathBuf> {
    let target = std::env::var_os("CARGO_TARGET_DIR")
        .map_or_else(|| PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("target"), PathBuf::from);
    let folders = [std::env::var_os("COURANT_STORES").map(PathBuf::from), Some(target.join("stores"))];
    folders.into_iter().flatten().map(|folder| folder.join("bin").join(name)).find(|path| path.exists())
}

/// A port that is free at this moment.
pub fn free_port() -> u16 {
    let [port] = free_ports();
    port
}

/// Ports that are free at this moment, each another one.
fn free_ports<const N: usize>() -> [u16; N] {
    let all = [(); N].map(|()| TcpListener::bind("127.0.0.1:0").expect("a port"));
    all.map(|listener| listener.local_addr().expect("bound").port())
}

/// A server that runs until it is dropped.
pub struct Server {
    child: Child,
    port: u16,
    wants_signature: bool,
    _folder: TempDir,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn start(name: &str, arguments: impl Fn(u16, &TempDir) -> Vec<String>) -> Option<Self> {
        let Some(path) = program(name) else {
            assert!(std::env::var_os("CI").is_none(), "{name} is missing: .ci/run installs it");
            println!("skipped: {name} is not installed (see .ci/run)");
            return None;
        };
        // Somebody else may have taken one of the ports meanwhile.
        let mut tries = std::iter::repeat_with(|| Self::try_start(name, &path, &arguments)).take(5);
        Some(tries.find_map(|server| server).unwrap_or_else(|| panic!("{name} does not start")))
    }

    fn try_start(name: &str, path: &Path, arguments: impl Fn(u16, &TempDir) -> Vec<String>) -> Option<Self> {
        let folder = crate::fixture::folder();
        let port = free_port();
        let mut command = Command::new(path);
        command.args(arguments(port, &folder)).current_dir(folder.path()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut server = Self {
            child: command.spawn().expect("started"),
            port,
            wants_signature: name == "moto_server",
            _folder: folder,
        };
        let began = Instant::now();
        // Any answer will do.
        while server.status("/").is_none_or(|status| status >= 500) {
            let has_ended = server.child.try_wait().expect("waited").is_some();
            if has_ended || began.elapsed() > Duration::from_secs(60) {
                return None;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
        Some(server)
    }

    /// The mock of AWS: it knows conditions, checksums and redirects.
    pub fn moto() -> Option<Self> {
        Self::start("moto_server", |port, _| ["-H", "127.0.0.1", "-p", &port.to_string()].map(str::to_owned).into())
    }

    /// A store that people use.
    pub fn seaweed() -> Option<Self> {
        Self::start("weed", |port, folder| {
            let ports: [u16; 3] = free_ports();
            // The ports of gRPC are these and 10,000 where not said.
            let grpc: [u16; 4] = free_ports();
            vec![
                "server".into(),
                "-ip=127.0.0.1".into(),
                "-ip.bind=127.0.0.1".into(),
                format!("-dir={}", folder.path().display()),
                "-s3".into(),
                format!("-s3.port={port}"),
                format!("-s3.port.grpc={}", grpc[0]),
                format!("-master.port={}", ports[0]),
                format!("-master.port.grpc={}", grpc[1]),
                format!("-volume.port={}", ports[1]),
                format!("-volume.port.grpc={}", grpc[2]),
                format!("-filer.port={}", ports[2]),
                format!("-filer.port.grpc={}", grpc[3]),
                // These have ports of their own, the same for all.
                "-s3.port.iceberg=0".into(),
                "-s3.port.lance=0".into(),
                "-master.telemetry=false".into(),
                "-volume.max=10".into(),
                "-master.volumeSizeLimitMB=64".into(),
            ]
        })
    }

    /// A store that ignores conditions.
    pub fn rclone() -> Option<Self> {
        Self::start("rclone", |port, folder| {
            let bucket = folder.path().join("files/news");
            std::fs::create_dir_all(bucket).expect("a folder");
            let address = format!("127.0.0.1:{port}");
            let files = folder.path().join("files").display().to_string();
            ["serve", "s3", "--addr", &address, "--auth-key", "key,secret", &files].map(str::to_owned).into()
        })
    }

    /// Its address.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    fn status(&self, path: &str) -> Option<u16> {
        agent().get(format!("{}{path}", self.address())).call().ok().map(|response| response.status().as_u16())
    }

    /// Makes a bucket.
    pub fn make_bucket(&self, name: &str) {
        let began = Instant::now();
        let make = || agent().put(format!("{}/{name}", self.address())).send_empty();
        while !make().is_ok_and(|response| response.status().is_success()) {
            assert!(began.elapsed() < Duration::from_secs(90), "no bucket {name}");
            std::thread::sleep(Duration::from_millis(200));
        }
    }

    /// What a bucket holds, by key: bytes and the headers that matter, without the record of deployments.
    pub fn bucket(&self, name: &str) -> BTreeMap<String, Object> {
        let mut objects = BTreeMap::new();
        let mut token = String::new();
        loop {
            let list = format!("{}/{name}?list-type=2&max-keys=1000{token}", self.address());
            let xml = agent().get(list).call().expect("listed").into_body().read_to_string().expect("text");
            for key in between(&xml, "<Key>", "</Key>") {
                let key = html_escape::decode_html_entities(key).into_owned();
                if !key.starts_with(".courant-deploy/") && !key.ends_with('/') {
                    let object = self.object(name, &key);
                    objects.insert(key, object);
                }
            }
            match between(&xml, "<NextContinuationToken>", "</NextContinuationToken>").first() {
                Some(next) => {
                    let next: String = url::form_urlencoded::byte_serialize(next.as_bytes()).collect();
                    token = format!("&continuation-token={next}");
                }
                None => return objects,
            }
        }
    }

    /// Asks as somebody whom the server knows; the mock does not look at signatures, but wants one.
    fn ask(&self, method: &str, path: &str, body: &[u8]) -> ureq::http::Response<ureq::Body> {
        let mut request = ureq::http::Request::builder().method(method).uri(format!("{}{path}", self.address()));
        if self.wants_signature {
            let signature =
                "AWS4-HMAC-SHA256 Credential=key/20250101/us-east-1/s3/aws4_request, SignedHeaders=host, Signature=0";
            request = request.header("authorization", signature);
        }
        let answer = match method {
            "PUT" => agent().run(request.body(body).expect("a request")),
            _ => agent().run(request.body(()).expect("a request")),
        };
        answer.expect("an answer")
    }

    /// Bytes of an object.
    pub fn bucket_size(&self, bucket: &str, key: &str) -> u64 {
        let response = self.ask("HEAD", &format!("/{bucket}/{key}"), b"");
        let length = response.headers().get("content-length").and_then(|value| value.to_str().ok()?.parse().ok());
        length.expect("a length")
    }

    /// The bytes of an object.
    pub fn read(&self, bucket: &str, key: &str) -> Vec<u8> {
        self.object(bucket, key).bytes
    }

    fn object(&self, bucket: &str, key: &str) -> Object {
        let path: Vec<String> = key
            .split('/')
            .map(|part| percent_encoding::utf8_percent_encode(part, percent_encoding::NON_ALPHANUMERIC).to_string())
            .collect();
        let response = self.ask("GET", &format!("/{bucket}/{}", path.join("/")), b"");
        assert!(response.status().is_success(), "{key}: {}", response.status());
        let header = |name: &str| response.headers().get(name).map(|value| value.to_str().expect("text").to_owned());
        let names = ["content-type", "cache-control", "x-amz-website-redirect-location"];
        let headers = names.into_iter().filter_map(|name| Some((name.to_owned(), header(name)?))).collect();
        let mut body = response.into_body();
        Object { headers, bytes: body.with_config().limit(1 << 26).read_to_vec().expect("read") }
    }

    /// Puts an object into a bucket, past courant.
    pub fn put(&self, bucket: &str, key: &str, bytes: &[u8]) {
        let response = self.ask("PUT", &format!("/{bucket}/{key}"), bytes);
        assert!(response.status().is_success());
    }

    /// Removes an object from a bucket, past courant.
    pub fn delete(&self, bucket: &str, key: &str) {
        let response = self.ask("DELETE", &format!("/{bucket}/{key}"), b"");
        assert!(response.status().is_success());
    }
}

/// An object of a bucket.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    pub headers: BTreeMap<String, String>,
    pub bytes: Vec<u8>,
}

fn agent() -> ureq::Agent {
    let timeout = Some(Duration::from_secs(10));
    ureq::Agent::config_builder().http_status_as_error(false).timeout_global(timeout).proxy(None).build().into()
}

fn between<'t>(text: &'t str, begin: &str, end: &str) -> Vec<&'t str> {
    text.split(begin).skip(1).filter_map(|rest| rest.split_once(end)).map(|(part, _)| part).collect()
}

/// What becomes of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fault {
    None,
    /// It is answered with this status, and not carried out.
    Status(u16),
    /// It is answered with this status and this code, by a service whose clock is years ahead, and not carried out.
    Error(u16, &'static str),
    /// The connection ends before it is carried out.
    Drop,
    /// It is carried out, and the connection ends before the answer.
    DropAnswer,
    /// It is carried out, and half of the answer comes.
    HalfAnswer,
    /// It is carried out, and the answer has another tag than the object.
    WrongTag,
    /// It is never answered, and not carried out.
    Hang,
    /// It is not carried out, and the answer says after how many seconds it might be.
    Busy(u64),
    /// It is carried out after this pause.
    Slow(Duration),
    /// It is carried out whatever its conditions say.
    Unconditional,
    /// It is not carried out, and the answer is this page of somebody else, with the status 200.
    Page(&'static str),
}

/// A request that was answered.
#[derive(Clone, Debug)]
pub struct Request {
    pub method: String,
    /// The key, without the bucket.
    pub key: String,
    pub status: u16,
    pub body: Vec<u8>,
    pub is_list: bool,
    pub query: String,
    /// By their names in lower case.
    pub headers: BTreeMap<String, String>,
    /// How many requests were under way when it came, itself among them.
    pub together: usize,
    pub came: Instant,
}

impl Request {
    /// Whether it is about the record of deployments.
    pub fn is_of_record(&self) -> bool {
        self.key.starts_with(".courant-deploy/")
    }
}

type Spoil = dyn Fn(usize, &Request) -> Fault + Send + Sync;

/// A proxy in front of a server.
pub struct Proxy {
    port: u16,
    notes: Arc<Notes>,
}

/// What a proxy knows and does.
struct Notes {
    log: Mutex<Vec<Request>>,
    count: Mutex<usize>,
    spoil: Mutex<Box<Spoil>>,
    under_way: AtomicUsize,
}

impl Proxy {
    pub fn before(server: &Server) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("bound").port();
        let notes = Arc::new(Notes {
            log: Mutex::default(),
            count: Mutex::default(),
            spoil: Mutex::new(Box::new(|_, _| Fault::None)),
            under_way: AtomicUsize::new(0),
        });
        let this = Self { port, notes: Arc::clone(&notes) };
        let upstream = server.port;
        std::thread::spawn(move || {
            for client in listener.incoming().flatten() {
                let notes = Arc::clone(&notes);
                std::thread::spawn(move || {
                    pass(client, upstream, &notes);
                });
            }
        });
        this
    }

    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// Decides from now on what becomes of each request, by its number from 1.
    pub fn spoil(&self, how: impl Fn(usize, &Request) -> Fault + Send + Sync + 'static) {
        *self.notes.spoil.lock().expect("no panic") = Box::new(how);
        *self.notes.count.lock().expect("no panic") = 0;
    }

    /// The requests since the last call, in the order of their answers.
    pub fn take(&self) -> Vec<Request> {
        std::mem::take(&mut self.notes.log.lock().expect("no panic"))
    }
}

/// Passes one request on, and its answer back.
fn pass(mut client: TcpStream, upstream: u16, notes: &Notes) {
    let Some((head, body)) = read_message(&mut client) else { return };
    let together = notes.under_way.fetch_add(1, Ordering::SeqCst) + 1;
    let given = answer(upstream, notes, &head, body, together);
    // Whoever has an answer may ask again at once.
    notes.under_way.fetch_sub(1, Ordering::SeqCst);
    let _ = given.map(|given| client.write_all(&given));
}

/// A request as its head says.
fn request_of(head: &str, body: Vec<u8>, together: usize) -> Request {
    let mut words = head.split(' ');
    let method = words.next().unwrap_or_default().to_owned();
    let target = words.next().unwrap_or_default();
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let key = path.trim_start_matches('/').split_once('/').map_or("", |(_, key)| key);
    let headers = head.lines().skip(1).filter_map(|line| line.split_once(':'));
    Request {
        method,
        key: percent_encoding::percent_decode_str(key).decode_utf8_lossy().into_owned(),
        status: 0,
        body,
        is_list: query.contains("list-type"),
        query: query.to_owned(),
        headers: headers.map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned())).collect(),
        together,
        came: Instant::now(),
    }
}

/// What is answered, if anything is.
fn answer(upstream: u16, notes: &Notes, head: &str, body: Vec<u8>, together: usize) -> Option<Vec<u8>> {
    let mut request = request_of(head, body, together);
    let fault = {
        let mut count = notes.count.lock().expect("no panic");
        *count += 1;
        notes.spoil.lock().expect("no panic")(*count, &request)
    };
    let refuse = |line: String, body: String| {
        let head = format!("HTTP/1.1 {line}\r\ncontent-length: {}\r\nconnection: close\r\n\r\n", body.len());
        Some((head + &body).into_bytes())
    };
    match fault {
        Fault::Drop => return None,
        Fault::Hang => {
            std::thread::sleep(Duration::from_secs(20));
            return None;
        }
        Fault::Status(status) => return refuse(format!("{status} Spoilt"), String::new()),
        Fault::Busy(seconds) => return refuse(format!("503 Busy\r\nretry-after: {seconds}"), String::new()),
        Fault::Error(status, code) => {
            let xml = format!("<?xml version=\"1.0\"?><Error><Code>{code}</Code><Message>No.</Message></Error>");
            return refuse(format!("{status} Refused\r\ndate: Sat, 01 Jun 2058 12:00:00 GMT"), xml);
        }
        Fault::Page(page) => return refuse("200 OK".into(), page.to_owned()),
        Fault::Slow(pause) => std::thread::sleep(pause),
        Fault::None | Fault::DropAnswer | Fault::HalfAnswer | Fault::WrongTag | Fault::Unconditional => {}
    }
    let mut server = TcpStream::connect(("127.0.0.1", upstream)).expect("the server is there");
    let mut lines = head.lines();
    let mut forwarded = format!("{}\r\nconnection: close\r\n", lines.next().unwrap_or_default());
    let is_left_out = |line: &str| {
        let line = line.to_ascii_lowercase();
        line.is_empty() || line.starts_with("connection:") || fault == Fault::Unconditional && line.starts_with("if-")
    };
    for line in lines.filter(|line| !is_left_out(line)) {
        forwarded.push_str(line);
        forwarded.push_str("\r\n");
    }
    forwarded.push_str("\r\n");
    let sent = server.write_all(forwarded.as_bytes()).and_then(|()| server.write_all(&request.body));
    let mut answer = Vec::new();
    if sent.is_err() || server.read_to_end(&mut answer).is_err_and(|error| error.kind() != ErrorKind::ConnectionReset) {
        return None;
    }
    let text = String::from_utf8_lossy(&answer[..answer.len().min(20)]).into_owned();
    request.status = text.split(' ').nth(1).and_then(|status| status.parse().ok()).unwrap_or_default();
    notes.log.lock().expect("no panic").push(request);
    match fault {
        Fault::DropAnswer => None,
        Fault::HalfAnswer => Some(answer[..answer.len() / 2].to_vec()),
        Fault::WrongTag => Some(with_another_tag(&answer)),
        _ => Some(answer),
    }
}

/// An answer whose tag is another one.
fn with_another_tag(answer: &[u8]) -> Vec<u8> {
    let lower = answer.to_ascii_lowercase();
    let begin = b"etag: \"";
    let Some(at) = lower.windows(begin.len()).position(|window| window == begin) else { return answer.to_vec() };
    let mut other = answer.to_vec();
    let letter = &mut other[at + begin.len()];
    *letter = if *letter == b'0' { b'1' } else { b'0' };
    other
}

/// The head and the body of a request.
fn read_message(stream: &mut TcpStream) -> Option<(String, Vec<u8>)> {
    let mut bytes = Vec::new();
    let mut buffer = [0; 65536];
    let end = loop {
        if let Some(end) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break end;
        }
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            read => bytes.extend_from_slice(&buffer[..read]),
        }
    };
    let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
    let mut body = bytes.split_off(end + 4);
    let length = head.lines().find_map(|line| {
        let (name, value) = line.split_once(':')?;
        name.eq_ignore_ascii_case("content-length").then(|| value.trim().parse::<usize>().ok())?
    });
    while body.len() < length.unwrap_or(0) {
        match stream.read(&mut buffer).ok()? {
            0 => return None,
            read => body.extend_from_slice(&buffer[..read]),
        }
    }
    Some((head, body))
}
