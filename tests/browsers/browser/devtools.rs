//! A browser and the few of its developer tools that the tests need.
//!
//! The DevTools protocol (<https://chromedevtools.github.io/devtools-protocol/>) through a pipe, as
//! `--remote-debugging-pipe` offers it: messages of JSON that end with NUL, commands in on file 3, answers and
//! events out on file 4. When the pipe is closed the browser ends, whatever happened to the test.
//!
//! Libraries for this bring the whole protocol as code, and compiling it takes a tenth of the time of everything here;
//! `headless_chrome` also holds its connection for up to 100 ms after each answer.

use std::collections::HashMap;
use std::ffi::OsStr;
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Mutex, MutexGuard};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};
use tempfile::TempDir;

use crate::fixture::PATIENCE;

/// The answer to a command; the error is what the browser says of it.
type Answer = Result<Value, String>;

/// What is told of an event: its method and its parameters.
type Listener = Box<dyn Fn(&str, &Value) + Send>;

/// What is told of a page on which something never came.
const STATE: &str = "`${location} ${document.activeElement?.id} ${JSON.stringify([...document.querySelectorAll(
    'input, textarea')].map((field) => [field.name, field.value]))} ${document.body?.innerText}`";

/// A running browser with a profile of its own.
pub struct Browser {
    process: Child,
    link: Arc<Link>,
    _profile: TempDir,
}

/// The way to the browser, and those who wait for what comes back.
struct Link {
    commands: Mutex<Option<ChildStdin>>,
    last: AtomicU64,
    waiting: Mutex<HashMap<u64, Sender<Answer>>>,
    listeners: Mutex<HashMap<String, Listener>>,
}

impl Browser {
    /// Starts the browser in `path`.
    pub fn start(path: &Path) -> Self {
        // The shell lays the pipes of standard input and output where the browser looks for them.
        const AS_FILES: &str = "exec \"$0\" \"$@\" 3<&0 4>&1 </dev/null >/dev/null 2>/dev/null";
        const FLAGS: [&str; 14] = [
            "--headless",
            "--remote-debugging-pipe",
            "--no-sandbox",
            "--no-first-run",
            "--hide-scrollbars",
            "--mute-audio",
            "--disable-gpu",
            "--disable-dev-shm-usage",
            "--disable-background-networking",
            "--disable-background-timer-throttling",
            "--disable-backgrounding-occluded-windows",
            "--disable-renderer-backgrounding",
            "--force-color-profile=srgb",
            "--window-size=800,600",
        ];
        let profile = TempDir::new().expect("a temporary folder");
        let mut command = Command::new("sh");
        command.args(["-c", AS_FILES].map(OsStr::new)).arg(path).args(FLAGS);
        command.arg(format!("--user-data-dir={}", profile.path().display()));
        let mut process = command.stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("the browser starts");
        let answers = BufReader::new(process.stdout.take().expect("piped"));
        let link = Arc::new(Link {
            commands: Mutex::new(process.stdin.take()),
            last: AtomicU64::new(0),
            waiting: Mutex::default(),
            listeners: Mutex::default(),
        });
        let listening = Arc::clone(&link);
        thread::spawn(move || {
            for message in answers.split(0).map_while(Result::ok) {
                listening.hear(&serde_json::from_slice(&message).expect("the browser speaks JSON"));
            }
            // Nobody is left to answer.
            locked(&listening.waiting).clear();
        });
        Self { process, link, _profile: profile }
    }

    /// Opens an empty tab in a window with storage of its own.
    pub fn tab(&self) -> Tab {
        let ask = |method, parameters| self.link.ask(None, method, &parameters).expect("a tab");
        let window = ask("Target.createBrowserContext", json!({}))["browserContextId"].clone();
        let opened = json!({ "url": "about:blank", "browserContextId": window });
        let target = ask("Target.createTarget", opened)["targetId"].take();
        let session = ask("Target.attachToTarget", json!({ "targetId": target, "flatten": true }));
        let session = session["sessionId"].as_str().expect("text").to_owned();
        let tab = Tab { link: Arc::clone(&self.link), session, window };
        // Tabs of other tests open beside it and take the focus, without which typed text is lost.
        tab.ask("Emulation.setFocusEmulationEnabled", json!({ "enabled": true }));
        tab
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        // Closes the pipe; the browser ends with it. Its profile is removed when it is gone.
        drop(locked(&self.link.commands).take());
        let began = Instant::now();
        while matches!(self.process.try_wait(), Ok(None)) && began.elapsed() < Duration::from_secs(2) {
            thread::sleep(Duration::from_millis(5));
        }
        let _ = self.process.kill();
        let _ = self.process.wait();
    }
}

impl Link {
    /// Sends a command to a tab, or to the browser itself, and waits for the answer.
    fn ask(&self, session: Option<&str>, method: &str, parameters: &Value) -> Answer {
        let id = self.last.fetch_add(1, Ordering::Relaxed);
        let (sender, answer) = channel();
        locked(&self.waiting).insert(id, sender);
        let mut message = json!({ "id": id, "method": method, "params": parameters });
        if let Some(session) = session {
            message["sessionId"] = session.into();
        }
        let mut bytes = message.to_string().into_bytes();
        bytes.push(0);
        let mut commands = locked(&self.commands);
        let sent = commands.as_mut().is_some_and(|commands| commands.write_all(&bytes).is_ok());
        drop(commands);
        assert!(sent, "the browser is gone");
        answer.recv_timeout(PATIENCE).unwrap_or_else(|error| panic!("{method}: no answer: {error}"))
    }

    /// Takes an answer or an event to those who wait for it.
    fn hear(&self, message: &Value) {
        if let Some(id) = message["id"].as_u64() {
            let answer = match &message["error"] {
                Value::Null => Ok(message["result"].clone()),
                error => Err(error.to_string()),
            };
            if let Some(waiting) = locked(&self.waiting).remove(&id) {
                let _ = waiting.send(answer);
            }
        } else if let (Some(session), Some(method)) = (message["sessionId"].as_str(), message["method"].as_str())
            && let Some(listener) = locked(&self.listeners).get(session)
        {
            listener(method, &message["params"]);
        }
    }
}

/// What a test that failed left locked is whole: nothing here panics while it is locked.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(std::sync::PoisonError::into_inner)
}

/// A tab of a browser; it is closed when it is dropped.
pub struct Tab {
    link: Arc<Link>,
    session: String,
    window: Value,
}

impl Tab {
    /// Sends a command: `("Page.navigate", {"url": …})`.
    pub fn ask(&self, method: &str, parameters: Value) -> Value {
        self.try_to(method, &parameters).unwrap_or_else(|error| panic!("{method} {parameters}: {error}"))
    }

    fn try_to(&self, method: &str, parameters: &Value) -> Answer {
        self.link.ask(Some(&self.session), method, parameters)
    }

    /// Tells of all events from now on.
    pub fn listen(&self, listener: impl Fn(&str, &Value) + Send + 'static) {
        locked(&self.link.listeners).insert(self.session.clone(), Box::new(listener));
    }

    /// Goes to a page and waits until it is complete.
    pub fn go(&self, url: &str) {
        // The answer comes when the page before is gone.
        let answer = self.ask("Page.navigate", json!({ "url": url }));
        assert_eq!(answer["errorText"], Value::Null, "{url}");
        self.wait_for("document.readyState == 'complete'");
    }

    /// The value of an expression, which must be one of JSON; `waits` is whether it is a promise to wait for. Promises
    /// are kept only where scripts run.
    pub fn evaluate(&self, expression: &str, waits: bool) -> Answer {
        let expression = if waits {
            format!("(async () => JSON.stringify(await ({expression})))()")
        } else {
            format!("JSON.stringify({expression})")
        };
        let command = json!({ "expression": expression, "returnByValue": true, "awaitPromise": waits });
        let mut answer = self.try_to("Runtime.evaluate", &command)?;
        match (answer["exceptionDetails"].take(), answer["result"]["value"].take()) {
            (Value::Null, Value::String(text)) => serde_json::from_str(&text).map_err(|error| error.to_string()),
            (Value::Null, _) => Ok(Value::Null),
            (thrown, _) => Err(thrown.to_string()),
        }
    }

    /// Waits until a condition holds.
    pub fn wait_for(&self, condition: &str) {
        let began = Instant::now();
        // While a page is exchanged for another there is nothing to ask.
        while self.evaluate(&format!("Boolean({condition})"), false) != Ok(Value::Bool(true)) {
            if began.elapsed() > PATIENCE {
                let page = self.evaluate(STATE, false);
                panic!("never: {condition}; the page is {page:?}");
            }
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// Waits for an element that rests, brings it onto the screen and presses it with the mouse.
    pub fn press(&self, selector: &str) {
        let element = format!("document.querySelector({})", json!(selector));
        self.wait_for(&element);
        let place = format!(
            "(() => {{ const one = {element}; one.scrollIntoView({{ block: 'center', behavior: 'instant' }});
                const box = one.getClientRects()[0]; return box && [box.x + box.width / 2, box.y + box.height / 2] }})()"
        );
        let find = || self.evaluate(&place, false).unwrap_or_else(|error| panic!("{selector}: {error}"));
        let mut place = find();
        // What loads late may still move it; what never rests is pressed where it was last.
        for _ in 0..50 {
            thread::sleep(Duration::from_millis(30));
            let before = std::mem::replace(&mut place, find());
            if before == place {
                break;
            }
        }
        assert!(place.is_array(), "{selector} is nowhere on the page");
        for (kind, buttons) in [("mouseMoved", 0), ("mousePressed", 1), ("mouseReleased", 1)] {
            let button = if buttons == 0 { "none" } else { "left" };
            let event = json!({ "type": kind, "x": place[0], "y": place[1], "button": button, "clickCount": buttons });
            self.ask("Input.dispatchMouseEvent", event);
        }
    }

    /// Presses a key: `Tab` or `Enter`.
    pub fn press_key(&self, key: &str) {
        let (code, text) = match key {
            "Tab" => (9, ""),
            "Enter" => (13, "\r"),
            _ => panic!("the code of the key {key} is not known here"),
        };
        for kind in [if text.is_empty() { "rawKeyDown" } else { "keyDown" }, "keyUp"] {
            let text = if kind == "keyDown" { text } else { "" };
            let event = json!({ "type": kind, "key": key, "code": key, "windowsVirtualKeyCode": code, "text": text });
            self.ask("Input.dispatchKeyEvent", event);
        }
    }
}

impl Drop for Tab {
    fn drop(&mut self) {
        locked(&self.link.listeners).remove(&self.session);
        // The browser may be gone before its tab.
        if locked(&self.link.commands).is_some() {
            let _ = self.link.ask(None, "Target.disposeBrowserContext", &json!({ "browserContextId": self.window }));
        }
    }
}
