//! A reader: a screen, a colour scheme, with scripts or without, and all that went wrong while they read.

use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use headless_chrome::Tab;
use headless_chrome::protocol::cdp::types::Event;
use headless_chrome::protocol::cdp::{Emulation, Network, Page, Runtime};
use serde_json::{Value, json};

use super::{Chromium, PATIENCE};

/// Somebody who looks at pages in a tab of their own.
pub struct Reader {
    tab: Arc<Tab>,
    complaints: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Chromium {
    /// A reader; `scripts` is whether their browser runs any.
    pub fn reader(&self, scripts: bool) -> Reader {
        let reader =
            Reader { tab: self.0.new_tab().expect("a tab"), complaints: Arc::default(), requests: Arc::default() };
        let (complaints, requests) = (Arc::clone(&reader.complaints), Arc::clone(&reader.requests));
        let complain = move |text: String| complaints.lock().expect("no panic while locked").push(text);
        let listener = move |event: &Event| match event {
            Event::LogEntryAdded(entry) => {
                let entry = json!(entry.params.entry);
                if entry["level"] == "error" {
                    complain(format!("{}: {}", entry["url"], entry["text"]));
                }
            }
            Event::RuntimeConsoleAPICalled(call) => {
                let call = json!(call.params);
                if call["type"] == "error" || call["type"] == "warning" {
                    complain(format!("console: {}", call["args"]));
                }
            }
            Event::RuntimeExceptionThrown(thrown) => complain(json!(thrown.params.exception_details).to_string()),
            Event::NetworkRequestWillBeSent(sent) => {
                requests.lock().expect("no panic while locked").push(sent.params.request.url.clone());
            }
            _ => {}
        };
        reader.tab.add_event_listener(Arc::new(listener)).expect("a listener");
        reader.tab.enable_log().expect("a log");
        reader.tab.enable_runtime().expect("a runtime");
        reader.tab.call_method(options::<Network::Enable>(json!({}))).expect("a network");
        let disabled = Emulation::SetScriptExecutionDisabled { value: !scripts };
        reader.tab.call_method(disabled).expect("scripts");
        reader
    }
}

/// A command of the browser's protocol.
fn options<T: serde::de::DeserializeOwned>(given: Value) -> T {
    serde_json::from_value(given).expect("options")
}

impl Reader {
    /// A screen of so many CSS pixels.
    pub fn screen(&self, width: u32, height: u32) {
        self.screen_scaled(width, height, 1.0);
    }

    /// A screen whose pictures are taken at another scale.
    pub fn screen_scaled(&self, width: u32, height: u32, scale: f64) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        let metrics: Emulation::SetDeviceMetricsOverride = options(metrics);
        self.tab.call_method(metrics).expect("a screen");
    }

    /// A picture of the screen, as WebP.
    pub fn picture(&self, quality: u32) -> Vec<u8> {
        let format = Page::CaptureScreenshotFormatOption::Webp;
        self.tab.capture_screenshot(format, Some(quality), None, true).expect("a picture")
    }

    /// What the reader's system asks for: `("prefers-color-scheme", "dark")`.
    pub fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        let media: Emulation::SetEmulatedMedia = options(json!({ "media": "", "features": features }));
        self.tab.call_method(media).expect("preferences");
    }

    /// Looks at the page as it is printed.
    pub fn prints(&self) {
        let media: Emulation::SetEmulatedMedia = options(json!({ "media": "print", "features": [] }));
        self.tab.call_method(media).expect("a printer");
    }

    /// Waits until all pictures are there, those as well that are far down.
    pub fn waits_for_pictures(&self) {
        self.value(
            "Promise.all([...document.images].map((one) => { one.loading = 'eager'; return one.decode().catch(() => {}) })).then(() => null)",
        );
    }

    /// Waits until what was changed is painted, with the next frame.
    pub fn waits_for_paint(&self) {
        self.value("new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(null))))");
    }

    /// Goes to a page and waits until it is complete.
    pub fn go(&self, url: &str) {
        let navigate: Page::Navigate = options(json!({ "url": url }));
        self.tab.call_method(navigate).expect("an address");
        self.wait_for(&format!("location.href == {} && document.readyState == 'complete'", json!(url)));
    }

    /// The value of an expression now. Works without scripts, too.
    pub fn now(&self, expression: &str) -> Value {
        self.evaluate(&format!("JSON.stringify({expression})"), false)
            .unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// The value of a promise.
    pub fn value(&self, expression: &str) -> Value {
        self.evaluate(&format!("(async () => JSON.stringify(await ({expression})))()"), true)
            .unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    fn evaluate(&self, expression: &str, waits: bool) -> Result<Value, String> {
        let command: Runtime::Evaluate =
            options(json!({ "expression": expression, "returnByValue": true, "awaitPromise": waits }));
        let answer = self.tab.call_method(command).map_err(|error| error.to_string())?;
        if let Some(thrown) = answer.exception_details {
            return Err(json!(thrown).to_string());
        }
        match answer.result.value {
            Some(Value::String(text)) => serde_json::from_str(&text).map_err(|error| error.to_string()),
            _ => Ok(Value::Null),
        }
    }

    /// Waits until a condition holds.
    pub fn wait_for(&self, condition: &str) {
        let began = Instant::now();
        while self.evaluate(&format!("JSON.stringify(Boolean({condition}))"), false) != Ok(Value::Bool(true)) {
            assert!(began.elapsed() < PATIENCE, "never: {condition}");
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Runs a script in the page, as the tools of developers do.
    pub fn run(&self, script: &str) {
        let command: Runtime::Evaluate = options(json!({ "expression": script }));
        self.tab.call_method(command).expect("a script");
    }

    /// Presses a key: `Tab`, `Enter` …
    pub fn press_key(&self, key: &str) {
        self.tab.press_key(key).expect("a key");
    }

    /// Presses an element with the mouse.
    pub fn press(&self, selector: &str) {
        let pressed = self.tab.find_element(selector).and_then(|element| element.click().map(drop));
        pressed.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Errors and warnings of the console, exceptions, and what the log of the browser calls an error; each once.
    pub fn complaints(&self) -> Vec<String> {
        std::mem::take(&mut *self.complaints.lock().expect("no panic while locked"))
    }

    /// The addresses that were asked for; each once.
    pub fn requests(&self) -> Vec<String> {
        std::mem::take(&mut *self.requests.lock().expect("no panic while locked"))
    }
}

impl Drop for Reader {
    fn drop(&mut self) {
        // The browser may be gone before its reader.
        drop(self.tab.close(false));
    }
}
