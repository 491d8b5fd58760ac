//! A browser for tests: headless Chromium.
//!
//! Where there is none, tests that need it say so and pass; with the variable `CI` set they fail, and
//! `.ci/run` installs one.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

pub mod axe;
pub mod devtools;
pub mod host;
pub mod reader;
pub mod sample;

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError, Weak};

use devtools::{Browser, Tab};
use serde_json::{Value, json};

/// A window of the browser with storage of its own. All tests that run at a time share one browser, which ends with the
/// last of them.
pub struct Chromium(Arc<Browser>);

/// A page that is open in it.
pub struct Page(Tab);

impl Chromium {
    /// Starts the browser, or joins it; none if the machine has none and need not have one.
    pub fn start() -> Option<Self> {
        static SHARED: Mutex<Weak<Browser>> = Mutex::new(Weak::new());
        let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        let Some(path) = names.iter().map(Path::new).find(|path| path.exists()) else {
            assert!(std::env::var_os("CI").is_none(), "no Chromium: apt-get install chromium");
            println!("skipped: there is no Chromium on this machine (apt-get install chromium)");
            return None;
        };
        let mut shared = SHARED.lock().unwrap_or_else(PoisonError::into_inner);
        let browser = shared.upgrade().unwrap_or_else(|| Arc::new(Browser::start(path)));
        *shared = Arc::downgrade(&browser);
        Some(Self(browser))
    }

    /// Opens a page in a tab of its own.
    pub fn open(&self, url: &str) -> Page {
        let page = Page(self.0.tab());
        page.go(url);
        page
    }

    /// The same, noting everything that the policy of each page refuses: `violations` tells.
    pub fn open_under_policy(&self, url: &str) -> Page {
        const WATCH: &str = "globalThis.refused = []; addEventListener('securitypolicyviolation', (event) => refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true)";
        let page = Page(self.0.tab());
        page.0.ask("Page.enable", json!({}));
        page.0.ask("Page.addScriptToEvaluateOnNewDocument", json!({ "source": WATCH }));
        page.go(url);
        page
    }

    /// The same for a reader whose browser loads no scripts. (One that runs none cannot be driven.)
    pub fn open_without_scripts(&self, url: &str) -> Page {
        let page = Page(self.0.tab());
        page.0.ask("Network.enable", json!({}));
        page.0.ask("Network.setBlockedURLs", json!({ "urls": ["*.js"] }));
        page.go(url);
        page
    }
}

impl Page {
    /// Waits until there is an element.
    pub fn wait_for_element(&self, selector: &str) {
        self.0.wait_for(&format!("document.querySelector({})", json!(selector)));
    }

    /// What the page's policy has refused, as directive, address and the beginning of the text.
    pub fn violations(&self) -> Vec<String> {
        serde_json::from_value(self.value("refused")).expect("a list of texts")
    }

    /// Presses an element as a person does.
    pub fn press(&self, selector: &str) {
        self.0.press(selector);
    }

    /// Types into a field: the text comes at once, as from an input method.
    pub fn type_into(&self, selector: &str, text: &str) {
        self.of_field(selector, "focus()");
        self.0.ask("Input.insertText", json!({ "text": text }));
        self.wait_for(&format!("document.querySelector({}).value.includes({})", json!(selector), json!(text)));
    }

    /// Empties a field.
    pub fn clear(&self, selector: &str) {
        self.of_field(selector, "value = ''");
    }

    /// What a field holds.
    pub fn field(&self, selector: &str) -> String {
        self.of_field(selector, "value").as_str().expect("text").to_owned()
    }

    fn of_field(&self, selector: &str, what: &str) -> Value {
        self.wait_for_element(selector);
        self.value(&format!("document.querySelector({}).{what}", json!(selector)))
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.value("location.href").as_str().expect("text").to_owned()
    }

    /// Goes to another page and waits until it is complete.
    pub fn go(&self, url: &str) {
        self.0.go(url);
    }

    /// The value of an expression; promises are waited for.
    pub fn value(&self, expression: &str) -> Value {
        self.0.evaluate(expression, true).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    /// Waits until a condition holds.
    pub fn wait_for(&self, condition: &str) {
        self.0.wait_for(condition);
    }
}
