//! A reader: a screen, a colour scheme, with scripts or without, and all that went wrong while they read.

use std::sync::{Arc, Mutex};

use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use rayon::prelude::*;
use serde_json::{Value, json};

use super::Chromium;
use super::devtools::Tab;

/// Somebody who looks at pages in a tab of their own.
pub struct Reader {
    tab: Tab,
    complaints: Arc<Mutex<Vec<String>>>,
    requests: Arc<Mutex<Vec<String>>>,
}

/// Looks at all things, as many at once as the machine has processors; `scripts` is whether the readers' browser runs
/// any. Gives what was found, in the order of the things; nothing if the machine has no browser and need not have one.
pub fn side_by_side<T: Sync, R: Send>(
    scripts: bool,
    things: &[T],
    look: impl Fn(&Reader, &T) -> R + Sync,
) -> Option<Vec<R>> {
    let chromium = Chromium::start()?;
    Some(things.par_iter().map_init(|| chromium.reader(scripts), |reader, thing| look(reader, thing)).collect())
}

impl Chromium {
    /// A reader; `scripts` is whether their browser runs any.
    pub fn reader(&self, scripts: bool) -> Reader {
        let reader = Reader { tab: self.0.tab(), complaints: Arc::default(), requests: Arc::default() };
        let (complaints, requests) = (Arc::clone(&reader.complaints), Arc::clone(&reader.requests));
        let complain = move |text: String| complaints.lock().expect("no panic while locked").push(text);
        reader.tab.listen(move |event, told| match event {
            "Log.entryAdded" if told["entry"]["level"] == "error" => {
                complain(format!("{}: {}", told["entry"]["url"], told["entry"]["text"]));
            }
            "Runtime.consoleAPICalled" if told["type"] == "error" || told["type"] == "warning" => {
                complain(format!("console: {}", told["args"]));
            }
            "Runtime.exceptionThrown" => complain(told["exceptionDetails"].to_string()),
            "Network.requestWillBeSent" => {
                let url = told["request"]["url"].as_str().unwrap_or_default().to_owned();
                requests.lock().expect("no panic while locked").push(url);
            }
            _ => {}
        });
        for tools in ["Log.enable", "Runtime.enable", "Network.enable"] {
            reader.tab.ask(tools, json!({}));
        }
        reader.tab.ask("Emulation.setScriptExecutionDisabled", json!({ "value": !scripts }));
        reader
    }
}

impl Reader {
    /// A screen of so many CSS pixels.
    pub fn screen(&self, width: u32, height: u32) {
        self.screen_scaled(width, height, 1.0);
    }

    /// A screen whose images are taken at another scale.
    pub fn screen_scaled(&self, width: u32, height: u32, scale: f64) {
        let metrics = json!({ "width": width, "height": height, "deviceScaleFactor": scale, "mobile": false });
        self.tab.ask("Emulation.setDeviceMetricsOverride", metrics);
    }

    /// An image of the screen in a format of the browser: `jpeg` is taken fast, `webp` is small.
    pub fn image(&self, format: &str, quality: u32) -> Vec<u8> {
        let image = self.tab.ask("Page.captureScreenshot", json!({ "format": format, "quality": quality }));
        BASE64_STANDARD.decode(image["data"].as_str().unwrap_or_default()).expect("an image")
    }

    /// What the reader's system asks for: `("prefers-color-scheme", "dark")`.
    pub fn prefers(&self, features: &[(&str, &str)]) {
        let features: Vec<Value> =
            features.iter().map(|(name, value)| json!({ "name": name, "value": value })).collect();
        self.tab.ask("Emulation.setEmulatedMedia", json!({ "media": "", "features": features }));
    }

    /// Looks at the page as it is printed.
    pub fn prints(&self) {
        self.tab.ask("Emulation.setEmulatedMedia", json!({ "media": "print", "features": [] }));
    }

    /// Waits until all images are there, those as well that are far down.
    pub fn waits_for_images(&self) {
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
        self.tab.go(url);
    }

    /// The value of an expression now. Works without scripts, too.
    pub fn now(&self, expression: &str) -> Value {
        self.tab.evaluate(expression, false).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// The value of a promise.
    pub fn value(&self, expression: &str) -> Value {
        self.tab.evaluate(expression, true).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until a condition holds.
    pub fn wait_for(&self, condition: &str) {
        self.tab.wait_for(condition);
    }

    /// Runs a script in the page, as the tools of developers do.
    pub fn run(&self, script: &str) {
        self.tab.ask("Runtime.evaluate", json!({ "expression": script }));
    }

    /// Presses a key: `Tab` or `Enter`.
    pub fn press_key(&self, key: &str) {
        self.tab.press_key(key);
    }

    /// Presses an element with the mouse.
    pub fn press(&self, selector: &str) {
        self.tab.press(selector);
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
