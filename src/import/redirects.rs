//! Old addresses of listings, and of what only a rule of the host can answer.
//!
//! A section has its old addresses in its `_index.md`. For tags, authors and months there is a page in `static/` that
//! leads on, which works on any host. An address with a query (`/?p=12`) is no file, so a page cannot answer it: for
//! that there are rule files in `redirects/`, to be given to the host.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;

use super::addresses::{Links as _, key};
use super::plan::{Head, Plan};
use super::report::Answer;
use super::{Destination, Visibility, Visible, body, place};
use crate::article::slug::of_name;
use crate::config::{Config, Taxonomy, address};
use crate::site_path::{self, page_path};

/// The folder of rule files.
pub(super) const FOLDER: &str = "redirects";

/// What answers old addresses.
#[derive(Debug, Default)]
pub(super) struct Redirects<'a> {
    /// Each section with its old addresses.
    pub(super) sections: BTreeMap<&'a str, Vec<String>>,
    /// Pages that lead on: from, to.
    pages: Vec<(String, String)>,
    /// Rules: the path, with its query, and where it leads.
    rules: Vec<(String, String)>,
    pub(super) answers: Vec<Answer>,
}

/// Decides what answers the old addresses of listings.
pub(super) fn resolve<'a>(
    destinations: Vec<(String, Destination)>,
    visible: &Visible,
    plan: &Plan,
    used: &BTreeSet<&'a str>,
    heads: &[Head],
    config: &Config,
) -> Redirects<'a> {
    let mut this =
        Redirects { sections: used.iter().map(|section| (*section, Vec::new())).collect(), ..Redirects::default() };
    let shown: BTreeSet<&str> = heads
        .iter()
        .filter(|head| !head.is_page && head.standing == Visibility::Published)
        .map(|head| &*head.section)
        .collect();
    let mut taken: BTreeSet<String> = heads
        .iter()
        .filter(|head| !head.is_double)
        .flat_map(|head| head.aliases.iter().map(|alias| key(alias)).chain([key(&head.address)]))
        .collect();
    taken.extend(used.iter().map(|section| (*section).to_owned()));
    for (from, to) in destinations {
        let from = super::writer::own_path(&plan.addresses, &from);
        let Some(from) = from.filter(|from| from != "/") else { continue };
        let section = |name: &str| plan.renamed.get(name).cloned().unwrap_or_else(|| name.to_owned());
        let target = match &to {
            Destination::Section(name) => {
                Some(section(name)).filter(|name| shown.contains(&**name)).map(|name| format!("/{name}/"))
            }
            Destination::Tag(name) => (visible.tags.contains(name) && config.has(Taxonomy::Tags))
                .then(|| format!("/tags/{}/", of_name(name, config.settings.slugs))),
            Destination::Author(id) => (visible.authors.contains(id) && config.has(Taxonomy::Authors))
                .then(|| format!("/authors/{}/", of_name(id, config.settings.slugs))),
            Destination::Month(year, month) => {
                let has =
                    visible.months.iter().any(|(one, other)| one == year && month.is_none_or(|month| month == *other));
                let path = month.map_or_else(|| format!("/{year:04}/"), |month| format!("/{year:04}/{month:02}/"));
                (has && config.settings.archives).then_some(path)
            }
            Destination::Path(path) => Some(plan.addresses.link(path)),
            Destination::Nothing => None,
        };
        let page = site_path::read(&from).map(|path| page_path(&path)).unwrap_or_default();
        let file = page.trim_matches('/');
        // No page can stand where not every file system has a file of that name.
        let is_page = !file.is_empty()
            && place::portable(file) == file
            && !page.contains([':', '*', '{'])
            && !site_path::names_no_page(&page);
        if from.contains('?') || !is_page {
            if let Some(target) = &target {
                this.rules.push((from.clone(), target.clone()));
            }
            let how = if target.is_some() { "rule" } else { "gone" };
            this.answers.push(Answer { old: from, new: target, how });
            continue;
        }
        if target.as_deref().is_some_and(|target| key(target) == key(&page)) || !taken.insert(key(&page)) {
            continue;
        }
        let alias_of = match &to {
            Destination::Section(name) => this.sections.get_mut(&*section(name)).filter(|_| target.is_some()),
            _ => None,
        };
        match (alias_of, &target) {
            (Some(aliases), _) => aliases.push(page.clone()),
            (None, Some(target)) => this.pages.push((page.clone(), target.clone())),
            (None, None) => {}
        }
        let how = if target.is_some() { "redirect" } else { "gone" };
        this.answers.push(Answer { old: page, new: target, how });
    }
    for head in heads.iter().filter(|head| !head.is_double && head.standing == Visibility::Published) {
        if let Some(number) = head.number {
            this.rules
                .push((format!("/?{}={number}", if head.is_page { "page_id" } else { "p" }), head.address.clone()));
        }
        this.rules.extend(head.rules.iter().map(|old| (old.clone(), head.address.clone())));
    }
    // Feeds are asked for by programs, which read no page that leads on.
    for from in ["/feed/", "/feed/rss2/", "/feed/rss/", "/feed/atom/"] {
        let to = if from.contains("atom") { "/atom.xml" } else { "/feed.xml" };
        this.rules.push((from.into(), to.into()));
        this.answers.push(Answer { old: from.into(), new: Some(to.into()), how: "rule" });
    }
    this
}

impl Redirects<'_> {
    /// Leaves out what leads to some files: they are withheld.
    pub(super) fn forget(&mut self, files: &BTreeSet<String>) {
        let files: BTreeSet<String> = files.iter().map(|path| key(path)).collect();
        self.pages.retain(|(_, to)| !files.contains(&key(to)));
        self.rules.retain(|(_, to)| !files.contains(&key(to)));
        for answer in &mut self.answers {
            if answer.new.take_if(|to| files.contains(&key(to))).is_some() {
                answer.how = "gone";
            }
        }
    }

    /// The files: pages in `static/`, and rules for each host.
    pub(super) fn files(&self, config: &Config) -> Vec<(String, Vec<u8>)> {
        let encode = |path: &str| if path.starts_with('/') { address::encode(config, path) } else { path.to_owned() };
        let mut files: Vec<(String, Vec<u8>)> = Vec::new();
        for (from, to) in &self.pages {
            let to = encode(to);
            let canonical = body::escaped_attribute(&config.absolute(&to));
            let to = body::escaped_attribute(&to);
            let html = format!(
                "<!doctype html>\n<html lang=\"{}\">\n<head>\n<meta charset=\"utf-8\">\n<title>{to}</title>\n<link rel=\"canonical\" href=\"{canonical}\">\n<meta name=\"robots\" content=\"noindex\">\n<meta http-equiv=\"refresh\" content=\"0; url={to}\">\n</head>\n<body>\n<p><a href=\"{to}\">{to}</a></p>\n</body>\n</html>\n",
                config.settings.language,
            );
            files.push((format!("static{}", site_path_file(from)), html.into_bytes()));
        }
        let rules: Vec<Rule> = self.rules.iter().map(|(from, to)| Rule::of(from, encode(to), config)).collect();
        if rules.is_empty() {
            return files;
        }
        let front = format!("{}/", config.base_path.trim_end_matches('/'));
        let mut netlify = String::from("# Netlify: put these lines into static/_redirects\n");
        let mut cloudflare = String::from(
            "# Cloudflare Pages: put these lines into static/_redirects. It reads no queries, so /?p= is for a function.\n",
        );
        let mut nginx =
            String::from("# nginx: in the block `http`\nmap $request_uri $old_address {\n  default \"\";\n");
        let mut function = String::from(
            "// CloudFront function for the event \"viewer request\"; the same map fits a Worker of Cloudflare.\nvar OLD = {\n",
        );
        // The parameters that rules of a path name.
        let mut names: BTreeSet<(&str, Vec<&str>)> = BTreeSet::new();
        for Rule { path, query, to } in &rules {
            let old = match query.as_slice() {
                [] => {
                    let _ = writeln!(netlify, "{path} {to} 301!");
                    let _ = writeln!(cloudflare, "{path} {to} 301");
                    let _ = writeln!(nginx, "  \"{path}\" \"{to}\";");
                    path.clone()
                }
                query => {
                    let _ = writeln!(netlify, "{path} {} {to} 301!", query.join(" "));
                    let query = query.join("&");
                    let _ = writeln!(nginx, "  \"~^{}\\?{}(&|$)\" \"{to}\";", pattern(path), pattern(&query));
                    if *path == front { query } else { format!("{path}?{query}") }
                }
            };
            if !query.is_empty() {
                names.insert((path, query.iter().map(|one| one.split('=').next().unwrap_or_default()).collect()));
            }
            let _ = writeln!(function, "  {}: {},", serde_json::Value::from(old), serde_json::Value::from(to.as_str()));
        }
        nginx.push_str("}\n# and in the block `server`:\n# if ($old_address) { return 301 $old_address; }\n");
        let _ = write!(
            function,
            "}};\nvar NAMES = {};\n{}",
            serde_json::to_string(&names).unwrap_or_default(),
            FUNCTION.replace("FRONT", &serde_json::Value::from(front).to_string())
        );
        files.push((format!("{FOLDER}/netlify.txt"), netlify.into_bytes()));
        files.push((format!("{FOLDER}/cloudflare.txt"), cloudflare.into_bytes()));
        files.push((format!("{FOLDER}/nginx.conf"), nginx.into_bytes()));
        files.push((format!("{FOLDER}/cloudfront.js"), function.into_bytes()));
        files
    }
}

/// What the function of a host does with its map. The parameters of a query are looked for in the order of the rule.
const FUNCTION: &str = r#"function handler(event) {
  var request = event.request, query = request.querystring, to = OLD[request.uri];
  NAMES.forEach(function (one) {
    if (to || one[0] !== request.uri) return;
    var old = one[1].map(function (name) { return name + "=" + (query[name] ? decodeURIComponent(query[name].value) : ""); }).join("&");
    to = OLD[(one[0] === FRONT ? "" : one[0] + "?") + old];
  });
  if (!to) return request;
  return { statusCode: 301, statusDescription: "Moved Permanently", headers: { location: { value: to } } };
}
"#;

/// A rule for a host.
struct Rule {
    /// The path, with that of the site.
    path: String,
    /// `name=value`, in the order of the old address.
    query: Vec<String>,
    to: String,
}

impl Rule {
    fn of(from: &str, to: String, config: &Config) -> Self {
        let plain = from.replace(' ', "%20").replace('"', "%22").replace('*', "%2A").replace(':', "%3A");
        let (path, query) = plain.split_once('?').unwrap_or((&plain, ""));
        let query = query.split('&').filter(|one| !one.is_empty()).map(str::to_owned).collect();
        Self { path: format!("{}{path}", config.base_path.trim_end_matches('/')), query, to }
    }
}

/// A text as a part of a regular expression.
fn pattern(text: &str) -> String {
    let mut pattern = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '\\' | '.' | '+' | '*' | '?' | '(' | ')' | '|' | '[' | ']' | '{' | '}' | '^' | '$') {
            pattern.push('\\');
        }
        pattern.push(c);
    }
    pattern
}

/// The file of a page in `static/`, with a slash in front.
fn site_path_file(page: &str) -> String {
    format!("/{}", site_path::output_path(page))
}
