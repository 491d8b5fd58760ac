//! A receiver that runs, and a client that speaks to it: for tests and the benchmark of comments.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

use std::io::{BufRead, BufReader, ErrorKind, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use ureq::Agent;
use ureq::http::Response;

/// `courant comments serve` on a port of its own, ended with the value.
pub struct Receiver {
    child: Child,
    /// The address that forms are sent to.
    pub url: String,
}

/// What the receiver answered.
pub struct Answer {
    pub status: u16,
    pub location: Option<String>,
    pub html: String,
}

impl Receiver {
    /// Starts `command`, which is the program in the folder of a site, with these further flags.
    pub fn start(mut command: Command, flags: &[&str]) -> Self {
        command.args(["comments", "serve", "--listen", "127.0.0.1:0", "--json"]).args(flags);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().expect("the program runs");
        let lines = BufReader::new(child.stdout.take().expect("piped")).lines();
        let mut events =
            lines.map_while(Result::ok).filter_map(|line| serde_json::from_str::<serde_json::Value>(&line).ok());
        let url = events.find_map(|event| Some(event["url"].as_str()?.to_owned())).expect("it listens");
        // Nobody reads on; what it prints later must not stop it.
        std::thread::spawn(move || events.for_each(drop));
        Self { child, url }
    }

    /// Ends it as a power cut would: no signal that it could answer.
    pub fn kill(&mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// How many kilobytes of memory it uses, where the system tells.
    pub fn memory(&self) -> Option<u64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id())).ok()?;
        let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
        line.split_whitespace().nth(1)?.parse().ok()
    }

    /// Opens a connection and sends nothing.
    pub fn connect(&self) -> TcpStream {
        let address = self.url.trim_start_matches("http://").split('/').next().expect("an address");
        let stream = TcpStream::connect(address).expect("a connection");
        stream.set_read_timeout(Some(Duration::from_secs(10))).expect("set");
        stream
    }

    /// Begins to send a form, and does not go on. `header` is a line of the head, or empty.
    pub fn begin(&self, header: &str) -> TcpStream {
        let mut stream = self.connect();
        let head = format!(
            "POST /_courant/comments HTTP/1.1\r\nHost: x\r\nOrigin: https://test.example\r\n{header}\
             Content-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\na"
        );
        stream.write_all(head.as_bytes()).expect("sent");
        stream
    }

    /// Sends a form as a browser on a page of the site does.
    pub fn send(&self, fields: &[(&str, &str)]) -> Answer {
        self.send_from(Some("https://test.example"), fields)
    }

    /// Sends a form that comes from `origin`.
    pub fn send_from(&self, origin: Option<&str>, fields: &[(&str, &str)]) -> Answer {
        let mut request = client().post(&self.url);
        if let Some(origin) = origin {
            request = request.header("origin", origin);
        }
        Answer::of(request.send_form(fields.iter().copied()).expect("an answer"))
    }
}

impl Drop for Receiver {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Answer {
    pub fn of(mut response: Response<ureq::Body>) -> Self {
        let location = response.headers().get("location").and_then(|value| value.to_str().ok()).map(str::to_owned);
        Self { status: response.status().as_u16(), location, html: response.body_mut().read_to_string().expect("text") }
    }

    /// The value of a hidden field of the form in the answer.
    pub fn hidden(&self, name: &str) -> String {
        let start = format!("name=\"{name}\" value=\"");
        let (_, rest) = self.html.split_once(&start).unwrap_or_else(|| panic!("no field {name} in {}", self.html));
        rest.split('"').next().expect("a value").to_owned()
    }
}

/// The answer on a connection, up to its end: empty if it was closed without one. None if it is still open and silent.
pub fn told(stream: &mut TcpStream) -> Option<String> {
    let mut answer = Vec::new();
    match stream.read_to_end(&mut answer) {
        Err(error) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) && answer.is_empty() => None,
        _ => Some(String::from_utf8_lossy(&answer).into_owned()),
    }
}

/// A client that follows no redirects and takes every status for an answer.
pub fn client() -> Agent {
    Agent::config_builder()
        .max_redirects(0)
        .http_status_as_error(false)
        .timeout_global(Some(Duration::from_secs(30)))
        .build()
        .into()
}

/// The fields of a good comment to the article at `article`.
pub fn comment<'a>(article: &'a str, text: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("article", article),
        ("name", "Oluf from Lowen"),
        ("email", "oluf@secret.example"),
        ("website", ""),
        ("comment", text),
        ("subject", ""),
        ("seconds", "40"),
    ]
}
