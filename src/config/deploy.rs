//! `deploy` of `site.yaml`: where the site goes, and what happens on the way.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::time::Duration;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::settings::Problem;

/// The places to which the site is deployed, by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Deploy(pub BTreeMap<String, DeployTarget>);

/// A place to which the site is deployed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct DeployTarget {
    /// Where the site goes: `s3://BUCKET/PREFIX`, `ssh://USER@HOST/FOLDER` or `folder:///FOLDER`.
    pub to: Option<String>,
    /// Instead of `to`: a command that uploads the output folder. It receives what changed as JSON.
    pub command: Option<String>,
    /// Where the record of what was deployed lies: an address like those of `to`. By default it lies in the folder
    /// `.courant-deploy` of the target; that of a command lies in `.courant`.
    pub state: Option<String>,
    /// The address of a service that speaks the language of S3; Amazon's own when not given.
    pub endpoint: Option<String>,
    /// The region of the bucket; that of the environment or the profile when not given, else `us-east-1`.
    pub region: Option<String>,
    /// For how long browsers and caches may keep files, as in `{ path: "/images/*", value: "max-age=600" }`: the first
    /// rule whose path fits wins.
    pub cache: Vec<CacheRule>,
    /// How old addresses lead on in a bucket: as pages, or as redirects of an S3 website.
    pub redirects: Redirects,
    /// How much a deployment may remove: a number of files, or a share such as `2%` (50 files are always allowed).
    /// Withheld pages do not count.
    pub max_removals: Limit,
    /// For how long files with a fingerprint in their name stay after the last page that named them.
    pub assets_grace: Span,
    /// Commands to run afterwards. Each receives what changed as JSON.
    pub after: Vec<String>,
    /// Whom to tell of what changed.
    pub ping: Ping,
    /// For folders and SSH: each deployment is a folder of its own in `releases`, and `current` leads to the last.
    pub switch: bool,
    /// Promises that nobody else deploys to this target, for stores that cannot keep two deployments apart.
    pub exclusive: bool,
    /// After how long without a sign of life a deployment counts as dead.
    pub lease: Span,
    /// How long a request may take to be answered.
    pub timeout: Span,
}

impl Default for DeployTarget {
    fn default() -> Self {
        Self {
            to: None,
            command: None,
            state: None,
            endpoint: None,
            region: None,
            cache: Vec::new(),
            redirects: Redirects::Page,
            max_removals: Limit("2%".into()),
            assets_grace: Span("7d".into()),
            after: Vec::new(),
            ping: Ping::default(),
            switch: false,
            exclusive: false,
            lease: Span("60s".into()),
            timeout: Span("30s".into()),
        }
    }
}

/// For how long some files may be kept.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct CacheRule {
    /// Paths such as `/images/*`; a star stands for anything.
    pub path: String,
    /// The header `Cache-Control`.
    pub value: String,
}

/// How old addresses lead on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Redirects {
    /// A page leads on.
    #[default]
    Page,
    /// The object has `x-amz-website-redirect-location`, which S3 websites answer with a 301.
    Object,
}

/// Whom to tell of what changed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Ping {
    /// The key of IndexNow: 8 to 128 letters, digits and dashes of your own choice. It is published as a file.
    pub indexnow: Option<String>,
    /// Where IndexNow listens.
    pub indexnow_endpoint: String,
    /// The address of a WebSub hub, which is told of changed feeds.
    pub websub: Option<String>,
}

impl Default for Ping {
    fn default() -> Self {
        // Shared by all search engines of IndexNow (<https://www.indexnow.org/documentation>).
        let indexnow_endpoint = "https://api.indexnow.org/indexnow".into();
        Self { indexnow: None, indexnow_endpoint, websub: None }
    }
}

/// A number of files, or a share of all.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(from = "NumberOrText")]
pub struct Limit(String);

#[derive(Deserialize, JsonSchema)]
#[serde(untagged)]
enum NumberOrText {
    Number(u64),
    Text(String),
}

impl From<NumberOrText> for Limit {
    fn from(given: NumberOrText) -> Self {
        Self(match given {
            NumberOrText::Number(number) => number.to_string(),
            NumberOrText::Text(text) => text,
        })
    }
}

impl Limit {
    /// So few are always allowed.
    const ALWAYS: usize = 50;

    /// How many of `all` that is; none if it is not a limit.
    pub fn of(&self, all: usize) -> Option<usize> {
        match self.0.trim().strip_suffix('%') {
            Some(share) => {
                let share: f64 = share.trim().parse().ok().filter(|share| (0.0..=100.0).contains(share))?;
                Some(((all as f64 * share / 100.0) as usize).max(Self::ALWAYS))
            }
            None => self.0.trim().parse().ok(),
        }
    }
}

/// A time such as `90s`, `10m`, `12h` or `7d`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(transparent)]
pub struct Span(pub(crate) String);

impl Span {
    fn read(&self) -> Option<Duration> {
        let text = self.0.trim();
        let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit())?);
        let seconds = match unit.trim() {
            "s" => 1,
            "m" => 60,
            "h" => 60 * 60,
            "d" => 24 * 60 * 60,
            _ => return None,
        };
        Some(Duration::from_secs(number.parse::<u32>().ok()? as u64 * seconds))
    }

    /// How long it is. Configurations that were read have no other spans.
    pub fn duration(&self) -> Duration {
        self.read().unwrap_or_default()
    }
}

/// A place that can hold the site, or the record of what was deployed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Location {
    /// A folder of this machine.
    Folder(PathBuf),
    /// A bucket, and what the keys begin with: empty, or with a slash at its end.
    S3 {
        /// The bucket.
        bucket: String,
        /// What all keys begin with.
        prefix: String,
    },
    /// A folder of another machine.
    Ssh {
        /// `user@host` or `host`.
        host: String,
        /// The port, if it is not that of the configuration of SSH.
        port: Option<u16>,
        /// The folder, absolute.
        folder: String,
    },
}

impl Location {
    /// Reads an address; `root` is the folder of the site. None if it is not an address of this kind.
    pub fn parse(text: &str, root: &Path) -> Option<Self> {
        let (scheme, rest) = text.split_once(':')?;
        match scheme {
            "folder" => {
                let path = rest.strip_prefix("//").unwrap_or(rest);
                // A slash too few would lead into the site, and nobody replaces `~`.
                let is_whole = path == rest || Path::new(path).is_absolute();
                (!path.is_empty() && is_whole && !is_of_home(path)).then(|| Self::Folder(root.join(path)))
            }
            "s3" => {
                let (bucket, prefix) =
                    rest.strip_prefix("//")?.split_once('/').unwrap_or((rest.strip_prefix("//")?, ""));
                let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_');
                let prefix = prefix.trim_matches('/');
                // Programs on the way resolve such parts of an address, each in its own manner.
                let is_part = |part: &str| !matches!(part, "" | "." | "..") && !part.contains(char::is_control);
                if !prefix.is_empty() && !prefix.split('/').all(is_part) {
                    return None;
                }
                let prefix = if prefix.is_empty() { String::new() } else { format!("{prefix}/") };
                (!bucket.is_empty() && bucket.chars().all(is_good))
                    .then(|| Self::S3 { bucket: bucket.to_owned(), prefix })
            }
            "ssh" => {
                let (host, folder) =
                    rest.strip_prefix("//")?.split_once('/').filter(|(_, folder)| !is_of_home(folder))?;
                let (host, port) = match host.rsplit_once(':') {
                    Some((host, port)) => (host, Some(port.parse().ok()?)),
                    None => (host, None),
                };
                // What begins with a dash would be an option of `ssh`.
                let is_good = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '-' | '_' | '@');
                let is_host = !host.is_empty() && !host.starts_with('-') && host.chars().all(is_good);
                (is_host && !folder.is_empty() && !folder.contains(['\n', '\'', '"', '\\'])).then(|| Self::Ssh {
                    host: host.to_owned(),
                    port,
                    folder: format!("/{}", folder.trim_end_matches('/')),
                })
            }
            _ => None,
        }
    }
}

/// Whether a shell would take the path for one in somebody's own folder.
fn is_of_home(path: &str) -> bool {
    path.starts_with('~')
}

impl Deploy {
    /// The hubs that are told of changed feeds.
    pub fn hubs(&self) -> Vec<&str> {
        let mut hubs: Vec<&str> = self.0.values().filter_map(|target| target.ping.websub.as_deref()).collect();
        hubs.sort_unstable();
        hubs.dedup();
        hubs
    }

    /// Drops the targets with mistakes: nobody knows where those lead.
    pub(super) fn retain_sound(&mut self) {
        self.0.retain(|name, target| {
            let mut is_sound = true;
            Self([(name.clone(), target.clone())].into()).problems(&mut |_| is_sound = false);
            is_sound
        });
    }

    pub(super) fn problems(&self, tell: &mut impl FnMut(Problem)) {
        for (name, target) in &self.0 {
            let mut problem = |key: &str, message: String, hint: &str| tell(Problem::of(key, message, hint));
            let is_name = |c: char| c.is_alphanumeric() || matches!(c, '-' | '_' | '.');
            if name.is_empty() || name.starts_with(['.', '-']) || !name.chars().all(is_name) {
                problem("deploy", format!("`{name}` cannot be the name of a target"), "use letters, digits and dashes");
            }
            match (&target.to, &target.command) {
                (Some(_), Some(_)) => {
                    problem(name, format!("`{name}` has both `to` and `command`"), "keep one of them");
                }
                (None, None) => problem(
                    name,
                    format!("`{name}` does not say where the site goes"),
                    "add `to: s3://BUCKET/`, `to: folder:///FOLDER`, `to: ssh://USER@HOST/FOLDER`, or a `command`",
                ),
                _ => {}
            }
            for (key, text) in [("to", &target.to), ("state", &target.state)] {
                if let Some(text) = text.as_deref().filter(|text| Location::parse(text, Path::new("")).is_none()) {
                    problem(
                        key,
                        format!("`{text}` is not a place to deploy to"),
                        "write `s3://BUCKET/PREFIX`, `ssh://USER@HOST/FOLDER` or `folder:///FOLDER`, where FOLDER is a whole path",
                    );
                }
            }
            for (key, text) in [("endpoint", &target.endpoint), ("websub", &target.ping.websub)] {
                let is_address = |text: &&str| text.starts_with("https://") || text.starts_with("http://");
                if let Some(text) = text.as_deref().filter(|text| !is_address(text)) {
                    problem(key, format!("`{text}` is not an address"), "begin with https://");
                }
            }
            if target.max_removals.of(0).is_none() {
                let message = format!("`max_removals` is `{}`", target.max_removals.0);
                problem("max_removals", message, "write a number of files, or a share such as `2%`");
            }
            for (key, span) in
                [("assets_grace", &target.assets_grace), ("lease", &target.lease), ("timeout", &target.timeout)]
            {
                if span.read().is_none() {
                    problem(
                        key,
                        format!("`{key}` is `{}`", span.0),
                        "write a time such as `90s`, `10m`, `12h` or `7d`",
                    );
                }
            }
            if target.lease.read().is_some_and(|lease| lease < Duration::from_secs(2)) {
                problem("lease", "`lease` is too short".into(), "give it two seconds or more");
            }
            for rule in &target.cache {
                if !rule.value.chars().all(|c| (' '..='~').contains(&c)) || rule.value.trim().is_empty() {
                    problem("cache", format!("`{}` is not a header", rule.value), "write one line of ASCII text");
                }
            }
            let is_key = |key: &&String| {
                (8..=128).contains(&key.len()) && key.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            };
            if let Some(key) = target.ping.indexnow.as_ref().filter(|key| !is_key(key)) {
                problem(
                    "indexnow",
                    format!("`{key}` is not a key of IndexNow"),
                    "choose 8 to 128 letters, digits and dashes",
                );
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_limit_is_a_share_or_a_number() {
        let of = |text: &str, all| Limit(text.into()).of(all);
        assert_eq!(of("2%", 10_000), Some(200));
        assert_eq!(of("2%", 100), Some(50), "so few are always allowed");
        assert_eq!(of("7", 10_000), Some(7));
        assert_eq!((of("all", 1), of("120%", 1)), (None, None));
    }

    #[test]
    fn an_address_names_one_place_and_no_option() {
        let parse = |text: &str| Location::parse(text, Path::new("/site"));
        assert_eq!(parse("folder:///srv/news"), Some(Location::Folder("/srv/news".into())));
        assert_eq!(parse("folder:../out"), Some(Location::Folder("/site/../out".into())));
        let s3 = |bucket: &str, prefix: &str| Some(Location::S3 { bucket: bucket.into(), prefix: prefix.into() });
        assert_eq!(parse("s3://news"), s3("news", ""));
        assert_eq!(parse("s3://news/a/b/"), s3("news", "a/b/"));
        let ssh = Location::Ssh { host: "me@host.example".into(), port: Some(2222), folder: "/srv/news".into() };
        assert_eq!(parse("ssh://me@host.example:2222/srv/news/"), Some(ssh));
        for bad in [
            "ssh://-oProxyCommand=x/srv",
            "ssh://host",
            "s3://",
            "ftp://host/x",
            "news",
            "ssh://h/a'b",
            "ssh://h/~/news",
            "folder:~/news",
            "folder://srv/news",
            "s3://n/a/../b",
            "s3://n/a//b",
        ] {
            assert_eq!(parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn spans_have_a_unit() {
        let seconds = |text: &str| Span(text.into()).read().map(|span| span.as_secs());
        assert_eq!([seconds("90s"), seconds("10m"), seconds("7d")], [Some(90), Some(600), Some(604_800)]);
        assert_eq!([seconds("7"), seconds("d"), seconds("a week")], [None; 3]);
    }
}
