//! Is a request meant for this server?
//!
//! A page of a foreign site can let its own name lead to 127.0.0.1 (DNS rebinding) and would then read
//! drafts through the reader's browser. Such a request carries the foreign name in `Host`. An address of
//! digits cannot be rebound, and `localhost` leads nowhere else (RFC 6761, section 6.3).

use std::net::{IpAddr, SocketAddr};

use axum::body::Body;
use axum::extract::{Request, State};
use axum::http::{StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::sync::Arc;

/// Names under which the server may be addressed, beside digits and `localhost`.
pub(super) type Names = Arc<[String]>;

/// Refuses requests that are meant for somebody else.
pub(super) async fn check(State(names): State<Names>, request: Request<Body>, next: Next) -> Response {
    let of_uri = request.uri().authority().map(|authority| authority.as_str().to_owned());
    let of_header = request.headers().get(header::HOST).and_then(|host| host.to_str().ok()).map(str::to_owned);
    let Some(host) = of_uri.or(of_header) else {
        return (StatusCode::BAD_REQUEST, "This request names no host.\n").into_response();
    };
    if is_ours(&host, &names) {
        return next.run(request).await;
    }
    let name = name_of(&host).unwrap_or_else(|| "NAME".into());
    let text = format!(
        "This preview does not answer to the name {name}.\n\
         If it should, start it with: courant serve --host {name}\n"
    );
    (StatusCode::FORBIDDEN, text).into_response()
}

fn is_ours(host: &str, names: &[String]) -> bool {
    if host.parse::<SocketAddr>().is_ok() || host.trim_matches(['[', ']']).parse::<IpAddr>().is_ok() {
        return true;
    }
    name_of(host).is_some_and(|name| {
        name == "localhost"
            || name.ends_with(".localhost")
            || names.iter().any(|known| known.eq_ignore_ascii_case(&name))
    })
}

/// The name without its port and final dot, in small letters.
fn name_of(host: &str) -> Option<String> {
    let uri: Uri = host.parse().ok()?;
    let name = uri.authority()?.host().trim_end_matches('.').to_ascii_lowercase();
    (!name.is_empty()).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::is_ours;

    #[test]
    fn digits_and_localhost_are_ours_and_foreign_names_are_not() {
        let names = ["studio.local".to_owned()];
        for host in [
            "127.0.0.1:4000",
            "127.0.0.1",
            "[::1]:4000",
            "[::1]",
            "localhost",
            "LOCALHOST:4000",
            "a.localhost",
            "192.168.1.7:1",
            "Studio.local:4000",
        ] {
            assert!(is_ours(host, &names), "{host}");
        }
        for host in [
            "evil.example",
            "evil.example:4000",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "",
            "a b",
            "@localhost.evil.example",
        ] {
            assert!(!is_ours(host, &names), "{host}");
        }
    }
}
