//! The sample site, built as of a fixed moment and served as a static host serves it.

use std::sync::LazyLock;

use super::host::StaticHost;
use crate::fixture::TestSite;
use crate::fixture::sites::sample;

/// The site and its host.
pub struct Sample {
    /// Its sources, and what was built of them in `public/`.
    pub site: TestSite,
    /// Where it is served.
    pub host: StaticHost,
}

/// Built once for all tests.
pub static SAMPLE: LazyLock<Sample> = LazyLock::new(|| Sample::in_theme("broadsheet"));

impl Sample {
    /// The site in a built-in theme.
    pub fn in_theme(theme: &str) -> Self {
        let site = sample();
        let settings = site.read("site.yaml");
        assert!(settings.contains("\ntheme: broadsheet"), "site.yaml names its theme");
        site.write("site.yaml", settings.replace("\ntheme: broadsheet", &format!("\ntheme: {theme}")));
        site.build();
        let host = StaticHost::start(&site.path("public"));
        Self { site, host }
    }
}
