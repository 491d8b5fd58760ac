//! Security headers: what a browser may do with a page, apart from showing it.
//!
//! The pages contain no script, style or handler of their own but the theme's inline scripts, whose hashes
//! are known, so the `Content-Security-Policy` needs no `unsafe-inline`. Everything in it follows from the
//! configuration and the theme: the replies' address, the players that a reader may ask for.

use super::embed::frame_sources;
use crate::config::{Config, EmbedProvider};
use crate::theme::inline::InlineScript;

/// A header of an HTTP answer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: String,
}

/// The name of the header that `policy` is the value of.
pub const POLICY: &str = "Content-Security-Policy";

/// The headers of every page and file of the site.
pub fn security_headers<'a>(config: &Config, scripts: impl Iterator<Item = &'a InlineScript>) -> Vec<Header> {
    let header = |name: &str, value: String| Header { name: name.to_owned(), value };
    let mut headers = vec![
        header(POLICY, policy(config, scripts)),
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
fn policy<'a>(config: &Config, scripts: impl Iterator<Item = &'a InlineScript>) -> String {
    let own = || vec!["'self'".to_owned()];
    let none = || vec!["'none'".to_owned()];
    let embeds = &config.settings.embeds;
    let plays_files = embeds.enabled && embeds.providers.contains(&EmbedProvider::Files);
    let with = |mut sources: Vec<String>, more: Option<String>| {
        sources.extend(more);
        sources
    };
    let frames = frame_sources(embeds);
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
        ("form-action", with(own(), config.settings.comments.action.as_deref().and_then(origin_of))),
        ("frame-ancestors", own()),
        ("base-uri", none()),
        ("object-src", none()),
    ];
    for (name, sources) in &config.settings.headers.policy {
        match directives.iter_mut().find(|(known, _)| known == name) {
            Some((_, known)) => {
                known.retain(|source| source != "'none'");
                known.extend(sources.iter().cloned());
            }
            None => directives.push((name, sources.clone())),
        }
    }
    let directives: Vec<String> = directives
        .into_iter()
        .map(|(name, mut sources)| {
            // `'none'` means something only when it is alone.
            if sources.len() > 1 {
                sources.retain(|source| source != "'none'");
            }
            let mut text = name.to_owned();
            for source in sources {
                text.push(' ');
                text.push_str(&source);
            }
            text
        })
        .collect();
    directives.join("; ")
}

/// Scheme, host and port of an absolute address.
fn origin_of(address: &str) -> Option<String> {
    let url = url::Url::parse(address).ok().filter(|url| matches!(url.scheme(), "http" | "https"))?;
    Some(url.origin().ascii_serialization())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::Overrides;

    fn headers(text: &str) -> Vec<Header> {
        let config = Config::from_text(text, &Overrides::default()).expect("a good configuration");
        let script = InlineScript::new("a.js", "early()").expect("a script");
        security_headers(&config, [script].iter())
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
    fn replies_may_be_sent_to_their_service() {
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
        let text = "embeds: {enabled: false}\nheaders:\n  policy: {img-src: ['https://pictures.example'], frame-src: ['https://maps.example'], worker-src: [\"'self'\"]}\n  extra: {x-content-type-options: '', X-Own: 'a b'}\n";
        assert_eq!(directive(text, "img-src"), "'self' data: https://pictures.example");
        assert_eq!(directive(text, "frame-src"), "https://maps.example");
        assert_eq!(directive(text, "worker-src"), "'self'");
        let headers = headers(text);
        assert!(headers.iter().all(|header| !header.name.eq_ignore_ascii_case("x-content-type-options")));
        assert_eq!(headers.last(), Some(&Header { name: "X-Own".into(), value: "a b".into() }));
    }
}
