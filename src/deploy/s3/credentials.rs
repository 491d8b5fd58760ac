//! Credentials for S3: from variables of the environment, or from a profile in the files that Amazon's tools share.
//! They never stand in `site.yaml`.

use std::fs;
use std::path::PathBuf;

use crate::diagnostic::Diagnostic;
use crate::pipeline::Failure;

/// Who asks.
#[derive(Clone)]
pub(super) struct Credentials {
    /// The id of the access key.
    pub(super) id: String,
    /// Its secret.
    pub(super) secret: String,
    /// The token of a session.
    pub(super) token: Option<String>,
}

/// What the environment says.
type Environment = fn(&str) -> Option<String>;

impl Credentials {
    /// The credentials of whoever runs the program.
    ///
    /// # Errors
    /// There are none.
    pub(super) fn find(environment: Environment) -> Result<Self, Failure> {
        if let (Some(id), Some(secret)) = (environment("AWS_ACCESS_KEY_ID"), environment("AWS_SECRET_ACCESS_KEY")) {
            return Ok(Self { id, secret, token: environment("AWS_SESSION_TOKEN") });
        }
        let profile = profile(environment);
        let get = |key: &str| in_files(environment, &profile, key);
        match (get("aws_access_key_id"), get("aws_secret_access_key")) {
            (Some(id), Some(secret)) => Ok(Self { id, secret, token: get("aws_session_token") }),
            _ => Err(Failure::Machine(Diagnostic::error("there are no credentials for the bucket").hint(
                "set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or AWS_PROFILE to a profile of ~/.aws/credentials",
            ))),
        }
    }
}

/// The region that the environment or the profile names.
pub(super) fn region(environment: Environment) -> Option<String> {
    let named = environment("AWS_REGION").or_else(|| environment("AWS_DEFAULT_REGION"));
    named.or_else(|| in_files(environment, &profile(environment), "region"))
}

fn profile(environment: Environment) -> String {
    environment("AWS_PROFILE").unwrap_or_else(|| "default".into())
}

/// A key of a profile, from the file of credentials or that of the configuration.
fn in_files(environment: Environment, profile: &str, key: &str) -> Option<String> {
    let home = environment("HOME").or_else(|| environment("USERPROFILE")).map(PathBuf::from);
    let file = |variable: &str, name: &str| {
        let named = environment(variable).map(PathBuf::from);
        named.or_else(|| home.as_ref().map(|home| home.join(".aws").join(name)))
    };
    let files = [
        (file("AWS_SHARED_CREDENTIALS_FILE", "credentials"), profile.to_owned()),
        (
            file("AWS_CONFIG_FILE", "config"),
            if profile == "default" { profile.into() } else { format!("profile {profile}") },
        ),
    ];
    files.into_iter().find_map(|(path, section)| value(&fs::read_to_string(path?).ok()?, &section, key))
}

/// A key of a section of an INI file.
fn value(text: &str, section: &str, key: &str) -> Option<String> {
    let mut is_in = false;
    for line in text.lines().map(str::trim) {
        if let Some(name) = line.strip_prefix('[').and_then(|line| line.strip_suffix(']')) {
            is_in = name.trim() == section;
        } else if let Some((name, value)) = line.split_once('=').filter(|_| is_in && !line.starts_with(['#', ';']))
            && name.trim() == key
        {
            return Some(value.trim().to_owned());
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_a_section() {
        let text =
            "[default]\naws_access_key_id = one\n\n# remark = x\n[paper]\naws_access_key_id=two\nregion = eu-1\n";
        assert_eq!(value(text, "default", "aws_access_key_id").as_deref(), Some("one"));
        assert_eq!(value(text, "paper", "aws_access_key_id").as_deref(), Some("two"));
        assert_eq!(value(text, "default", "region"), None);
    }
}
