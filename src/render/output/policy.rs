//! Security headers: what a browser may do with a page, apart from showing it.
//!
//! The pages contain no script, style or handler of their own but the theme's inline scripts, whose hashes
//! are known, so the `Content-Security-Policy` needs no `unsafe-inline`. Everything in it follows from the
//! configuration and the theme: the comments' address, the players that a reader may ask for, and what the owner's
//! own HTML and analytics load.

use crate::config::{Config, EmbedProvider};
use crate::diagnostic::{Diagnostic, Place};
use crate::plan::HostFile;
use crate::render::template::embed::frame_sources;
use crate::theme::Theme;
use crate::theme::code::{Sources, origin};
use crate::theme::inline::InlineScript;

/// A header of an HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The name of the header that `policy` is the value of.
pub(crate) const POLICY: &str = "Content-Security-Policy";

/// The headers of every page and file of the site.
pub(crate) fn security_headers<'a>(
    config: &Config,
    scripts: impl Iterator<Item = &'a InlineScript>,
    code: &Sources,
) -> Vec<Header> {
    let header = |name: &str, value: String| Header { name: name.to_owned(), value };
    let mut headers = vec![
        header(POLICY, policy(config, scripts, code)),
        header("X-Content-Type-Options", "nosniff".into()),
        // YouTube refuses to play for pages that do not say where they are.
        header("Referrer-Policy", "strict-origin-when-cross-origin".into()),
        header(
            "Permissions-Policy",
            "browsing-topics=(), camera=(), display-capture=(), geolocation=(), microphone=(), payment=(), usb=()"
                .into(),
        ),
    ];
    for (name, value) in &config.settings.headers.extra {
        headers.retain(|header| !header.name.eq_ignore_ascii_case(name));
        if !value.is_empty() {
            headers.push(header(name, value.clone()));
        }
    }
    headers
}

/// Content Security Policy Level 3, section 2.2.
fn policy<'a>(config: &Config, scripts: impl Iterator<Item = &'a InlineScript>, code: &Sources) -> String {
    let texts = directives(config, scripts, code).into_iter().map(|(name, sources)| {
        let mut text = name.to_owned();
        for source in sources {
            text.push(' ');
            text.push_str(&source);
        }
        text
    });
    texts.collect::<Vec<String>>().join("; ")
}

/// What the theme's own templates load and the policy refuses, where a host serves the policy.
pub(crate) fn refused(theme: &Theme, config: &Config) -> Vec<Diagnostic> {
    if !HostFile::Headers.is_for(&config.settings.hosting) {
        return Vec::new();
    }
    let policy = directives(config, theme.inline_scripts.values(), &theme.code.sources);
    let is_let_in = |directive: &str, source: &str| {
        let named = policy.iter().find(|(name, _)| *name == directive).or(policy.first());
        let is_hash = source.starts_with('\'');
        let fits = |known: &String| match known.as_str() {
            "'unsafe-inline'" => is_hash,
            "*" | "https:" => !is_hash,
            known => known == source || known.split_once("*.").is_some_and(|(_, domain)| source.ends_with(domain)),
        };
        source == config.origin || named.is_some_and(|(_, sources)| sources.iter().any(fits))
    };
    let own = theme.templates.iter().filter(|template| template.is_own() && !template.is_stylesheet());
    let mut problems = Vec::new();
    for template in own {
        let mut sources = Sources::default();
        sources.read(&template.source);
        // Where a script may send to, its own text knows.
        for (directive, source) in sources.beyond(&is_let_in).filter(|(directive, _)| *directive != "connect-src") {
            let (mark, what, hint) = match (source.starts_with('\''), directive) {
                (false, _) => (
                    source.split("://").nth(1).unwrap_or(source),
                    source.to_owned(),
                    format!("add `headers: {{ policy: {{ {directive}: [{source}] }} }}` to site.yaml"),
                ),
                (true, "style-src") => (
                    "<style",
                    "a style inside the page".to_owned(),
                    "move it into a stylesheet of the theme".to_owned(),
                ),
                (true, _) => {
                    let hint = "move it into `static/inline/`, and write `inline_script(path=…)` in its place";
                    ("<script>", "a script inside the page".to_owned(), hint.to_owned())
                }
            };
            let at = template.source.find(mark).unwrap_or(0);
            let place = Place::span(template.file.as_str(), &template.source, at..at + 1);
            let message = format!("the security policy ({directive}) refuses {what}");
            problems.push(Diagnostic::warning(message).at(place).hint(hint));
        }
    }
    problems
}

/// The directives with their sources.
fn directives<'a>(
    config: &Config,
    scripts: impl Iterator<Item = &'a InlineScript>,
    code: &Sources,
) -> Vec<(String, Vec<String>)> {
    let own = || vec!["'self'".to_owned()];
    let none = || vec!["'none'".to_owned()];
    let embeds = &config.settings.embeds;
    let plays_files = embeds.enabled && embeds.providers.contains(&EmbedProvider::Files);
    let with = |mut sources: Vec<String>, more: Option<String>| {
        sources.extend(more);
        sources
    };
    let frames = frame_sources(embeds);
    let actions = config.languages.iter().filter_map(|language| language.newsletter.action.as_deref());
    let mut forms = own();
    for action in config.settings.comments.action.as_deref().into_iter().chain(actions).filter_map(origin) {
        if !forms.contains(&action) {
            forms.push(action);
        }
    }
    let mut hashes: Vec<String> = scripts.map(InlineScript::source_expression).collect();
    hashes.sort();
    let mut directives: Vec<(&str, Vec<String>)> = vec![
        ("default-src", own()),
        ("script-src", own().into_iter().chain(hashes).collect()),
        ("style-src", own()),
        ("img-src", with(own(), Some("data:".into()))),
        ("font-src", own()),
        ("media-src", with(own(), plays_files.then(|| "https:".into()))),
        ("connect-src", own()),
        ("frame-src", if frames.is_empty() { none() } else { frames }),
        ("form-action", forms),
        ("frame-ancestors", own()),
        ("base-uri", none()),
        ("object-src", none()),
    ];
    for (name, sources) in &mut directives {
        for source in code.of(name).filter(|source| !sources.iter().any(|known| known == source)).collect::<Vec<_>>() {
            sources.push(source.to_owned());
        }
    }
    for (name, sources) in &config.settings.headers.policy {
        match directives.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => {
                known.retain(|source| source != "'none'");
                known.extend(sources.iter().cloned());
            }
            None => directives.push((name, sources.clone())),
        }
    }
    let alone = directives.into_iter().map(|(name, mut sources)| {
        // `'none'` means something only when it is alone.
        if sources.len() > 1 {
            sources.retain(|source| source != "'none'");
        }
        (name.to_owned(), sources)
    });
    alone.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    fn headers(text: &str) -> Vec<Header> {
        let config = Config::from_text(text, &Overrides::default()).expect("a good configuration");
        let script = InlineScript::new("a.js", "early()").expect("a script");
        security_headers(&config, [script].iter(), &Sources::default())
    }

    fn directive(text: &str, name: &str) -> String {
        let policy = headers(text).remove(0).value;
        let found = policy.split("; ").find_map(|one| one.strip_prefix(name)?.strip_prefix(' ').map(str::to_owned));
        found.unwrap_or_else(|| panic!("no {name} in {policy}"))
    }

    #[test]
    fn the_policy_has_no_hole_and_knows_the_early_scripts() {
        let policy = headers("").remove(0).value;
        assert!(!policy.contains("unsafe"), "{policy}");
        assert!(directive("", "script-src").starts_with("'self' 'sha256-"), "{policy}");
        for (name, value) in [
            ("base-uri", "'none'"),
            ("object-src", "'none'"),
            ("frame-ancestors", "'self'"),
            ("connect-src", "'self'"),
            ("img-src", "'self' data:"),
            ("form-action", "'self'"),
        ] {
            assert_eq!(directive("", name), value, "{name}");
        }
    }

    #[test]
    fn comments_may_be_sent_to_their_service() {
        let text = "comments: {action: 'https://replies.example:8443/_courant/comments?x=1'}\n";
        assert_eq!(directive(text, "form-action"), "'self' https://replies.example:8443");
        assert_eq!(directive("comments: {action: /replies/}\n", "form-action"), "'self'");
    }

    #[test]
    fn only_players_that_a_reader_may_ask_for_are_framed() {
        assert!(directive("", "frame-src").contains("https://www.youtube-nocookie.com"));
        assert_eq!(directive("embeds: {providers: [vimeo]}\n", "frame-src"), "https://player.vimeo.com");
        assert_eq!(directive("embeds: {providers: [vimeo]}\n", "media-src"), "'self'");
        assert_eq!(directive("embeds: {enabled: false}\n", "frame-src"), "'none'");
        let text = "embeds: {providers: [mastodon], mastodon: [social.example]}\n";
        assert_eq!(directive(text, "frame-src"), "https://social.example");
    }

    #[test]
    fn the_site_adds_sources_and_headers_and_takes_some_away() {
        let text = "embeds: {enabled: false}\nheaders:\n  policy: {img-src: ['https://images.example'], frame-src: ['https://maps.example'], worker-src: [\"'self'\"]}\n  extra: {x-content-type-options: '', X-Own: 'a b'}\n";
        assert_eq!(directive(text, "img-src"), "'self' data: https://images.example");
        assert_eq!(directive(text, "frame-src"), "https://maps.example");
        assert_eq!(directive(text, "worker-src"), "'self'");
        let headers = headers(text);
        assert!(headers.iter().all(|header| !header.name.eq_ignore_ascii_case("x-content-type-options")));
        assert_eq!(headers.last(), Some(&Header { name: "X-Own".into(), value: "a b".into() }));
    }
}
