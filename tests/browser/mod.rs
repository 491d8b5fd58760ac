//! A browser for tests: headless Chromium.
//!
//! Where there is none, tests that need it say so and pass; with the variable `CI` set they fail, and
//! `.ci/run` installs one.

#![allow(dead_code, unreachable_pub, reason = "each test file uses a part of it")]

pub mod host;
pub mod reader;
pub mod sample;

use std::ffi::OsStr;
use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use headless_chrome::protocol::cdp::Network;
use headless_chrome::protocol::cdp::Page::AddScriptToEvaluateOnNewDocument;
use headless_chrome::{Browser, Element, LaunchOptions, Tab};
use serde_json::Value;

/// Longer than anything takes on a busy machine; nothing waits that long when all is well.
const PATIENCE: Duration = Duration::from_secs(30);

/// A running browser.
pub struct Chromium(pub(crate) Browser);

/// A page that is open in it.
pub struct Page(Arc<Tab>);

impl Chromium {
    /// Starts a browser; none if the machine has none and need not have one.
    pub fn start() -> Option<Self> {
        let names = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
        let Some(path) = names.iter().map(Path::new).find(|path| path.exists()) else {
            assert!(std::env::var_os("CI").is_none(), "no Chromium: apt-get install chromium");
            println!("skipped: there is no Chromium on this machine (apt-get install chromium)");
            return None;
        };
        let options = LaunchOptions::default_builder()
            .path(Some(path.to_path_buf()))
            .sandbox(false)
            .idle_browser_timeout(Duration::from_secs(300))
            .args(["--disable-gpu", "--disable-background-networking", "--hide-scrollbars"].map(OsStr::new).to_vec())
            .build()
            .expect("options");
        Some(Self(Browser::new(options).expect("Chromium starts")))
    }

    /// Opens a page in a tab of its own.
    pub fn open(&self, url: &str) -> Page {
        let page = Page(self.0.new_tab().expect("a tab"));
        page.go(url);
        page
    }
}

impl Chromium {
    /// The same, noting everything that the page's policy refuses: `violations` tells.
    pub fn open_under_policy(&self, url: &str) -> Page {
        const WATCH: &str = "globalThis.refused = []; addEventListener('securitypolicyviolation', (event) => refused.push(`${event.effectiveDirective} ${event.blockedURI} ${event.sample}`), true)";
        let page = Page(self.0.new_tab().expect("a tab"));
        page.0.enable_debugger().expect("a debugger");
        let watch = AddScriptToEvaluateOnNewDocument {
            source: WATCH.to_owned(),
            world_name: None,
            include_command_line_api: None,
            run_immediately: None,
        };
        page.0.call_method(watch).expect("the script is taken");
        page.go(url);
        page
    }

    /// The same for a reader whose browser loads no scripts. (One that runs none cannot be driven.)
    pub fn open_without_scripts(&self, url: &str) -> Page {
        let page = Page(self.0.new_tab().expect("a tab"));
        page.0.call_method(serde_json::from_str::<Network::Enable>("{}").expect("no options")).expect("a network");
        page.0.call_method(Network::SetBlockedURLs { urls: vec!["*.js".into()] }).expect("scripts are blocked");
        page.go(url);
        page
    }
}

impl Page {
    /// The element a selector means; waits for it.
    fn element(&self, selector: &str) -> Element<'_> {
        self.0
            .wait_for_element_with_custom_timeout(selector, PATIENCE)
            .unwrap_or_else(|error| panic!("{selector}: {error}"))
    }

    /// Waits until there is an element.
    pub fn wait_for_element(&self, selector: &str) {
        self.element(selector);
    }

    /// What the page's policy has refused, as directive, address and the beginning of the text.
    pub fn violations(&self) -> Vec<String> {
        serde_json::from_value(self.value("refused")).expect("a list of texts")
    }

    /// Presses an element as a person does.
    pub fn press(&self, selector: &str) {
        self.element(selector).click().unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Types into a field: the text comes at once, as from an input method, for key by key takes seconds.
    pub fn type_into(&self, selector: &str, text: &str) {
        let typed = self.element(selector).focus().and_then(|_| self.0.send_character(text).map(drop));
        typed.unwrap_or_else(|error| panic!("{selector}: {error}"));
    }

    /// Empties a field.
    pub fn clear(&self, selector: &str) {
        self.element(selector).call_js_fn("function () { this.value = '' }", Vec::new(), false).expect("a field");
    }

    /// What a field holds.
    pub fn field(&self, selector: &str) -> String {
        let value = self.element(selector).call_js_fn("function () { return this.value }", Vec::new(), false);
        value.expect("a field").value.and_then(|value| value.as_str().map(str::to_owned)).expect("text")
    }

    /// The address of the page.
    pub fn url(&self) -> String {
        self.0.get_url()
    }

    /// Goes to another page.
    pub fn go(&self, url: &str) {
        self.0.navigate_to(url).expect("an address").wait_until_navigated().expect("a page");
    }

    /// The value of an expression; promises are waited for.
    pub fn value(&self, expression: &str) -> Value {
        self.try_value(expression).unwrap_or_else(|error| panic!("{expression}: {error}"))
    }

    fn try_value(&self, expression: &str) -> Result<Value, String> {
        // Objects come by their text only: the browser gives values of simple types.
        let wrapped = format!("(async () => JSON.stringify(await ({expression})))()");
        let found = self.0.evaluate(&wrapped, true).map_err(|error| error.to_string())?;
        match found.value {
            Some(Value::String(text)) => serde_json::from_str(&text).map_err(|error| error.to_string()),
            _ => Ok(Value::Null),
        }
    }

    /// Waits until a condition holds.
    pub fn wait_for(&self, condition: &str) {
        let began = Instant::now();
        // While a page is exchanged for another there is nothing to ask.
        while self.try_value(&format!("Boolean({condition})")) != Ok(Value::Bool(true)) {
            assert!(
                began.elapsed() < PATIENCE,
                "never: {condition}; the page is {}",
                self.value("document.body.innerText")
            );
            std::thread::sleep(Duration::from_millis(10));
        }
    }
}
