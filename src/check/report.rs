//! Findings for machines: annotations of GitHub Actions, and SARIF 2.1.0 for code scanning.
//!
//! Paths are made relative to the folder in which the program was started, which in CI is the repository.

use serde::Serialize;

use super::{Finding, Report};
use crate::config::checks::{Level, Rule};
use crate::diagnostic::{Severity, printable, printable_line};

/// A path of the site as seen from where the program was started; `site` is what `--site` says.
fn from_here(site: &str, path: &str) -> String {
    match site.trim_start_matches("./").trim_end_matches('/') {
        "" | "." => path.to_owned(),
        folder => format!("{folder}/{path}"),
    }
}

/// One finding as a workflow command
/// (<https://docs.github.com/actions/reference/workflow-commands-for-github-actions>).
pub fn annotation(finding: &Finding, site: &str) -> String {
    let one = &finding.diagnostic;
    // The characters that end a message or a property are the ones that are escaped.
    let encoded = |text: &str| text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A");
    let property = |value: &str| encoded(&printable_line(value)).replace(':', "%3A").replace(',', "%2C");
    let text = |text: &str| encoded(&printable(text));
    let command = word_of(one.severity);
    let mut properties = Vec::new();
    if let Some(place) = &one.place {
        properties.push(format!("file={}", property(&from_here(site, &place.path))));
        if place.line > 0 {
            properties.push(format!("line={}", place.line));
        }
        if place.column > 0 {
            properties.push(format!("col={}", place.column));
            properties.push(format!("endColumn={}", place.column + place.length));
        }
    }
    properties.push(format!("title={}", property(finding.id())));
    format!("::{command} {}::{}", properties.join(","), text(&sentence(finding)))
}

/// What both call a severity.
fn word_of(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}

/// What is wrong, with its cure.
fn sentence(finding: &Finding) -> String {
    match &finding.diagnostic.hint {
        Some(hint) => format!("{} ({hint})", finding.diagnostic.message),
        None => finding.diagnostic.message.clone(),
    }
}

/// The findings as one SARIF document
/// (<https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html>).
pub fn sarif(report: &Report, site: &str) -> String {
    let described = Rule::ALL.iter().map(|rule| Described {
        id: rule.id(),
        short_description: Message { text: rule.meaning().to_owned() },
        default_configuration: Configuration {
            enabled: rule.default_level() != Level::Off,
            level: match rule.default_level() {
                Level::Error => "error",
                Level::Warning | Level::Off => "warning",
            },
        },
    });
    let build = Described {
        id: "build",
        short_description: Message { text: "What `courant build` reports.".to_owned() },
        default_configuration: Configuration { enabled: true, level: "error" },
    };
    let rules: Vec<Described> = described.chain([build]).collect();
    let results = report.findings.iter().map(|finding| {
        let place = finding.diagnostic.place.as_ref();
        ResultObject {
            rule_id: finding.id(),
            rule_index: rules.iter().position(|rule| rule.id == finding.id()).unwrap_or(rules.len() - 1),
            level: word_of(finding.diagnostic.severity),
            message: Message { text: sentence(finding) },
            locations: place
                .map(|place| Location {
                    physical_location: PhysicalLocation {
                        artifact_location: ArtifactLocation { uri: uri(&from_here(site, &place.path)) },
                        // GitHub shows no result without a line.
                        region: Region {
                            start_line: place.line.max(1),
                            start_column: (place.column > 0).then_some(place.column),
                            end_column: (place.column > 0).then_some(place.column + place.length),
                            snippet: (!place.text.is_empty()).then(|| Message { text: place.text.clone() }),
                        },
                    },
                })
                .into_iter()
                .collect(),
        }
    });
    let results = results.collect();
    let log = Log {
        schema: "https://json.schemastore.org/sarif-2.1.0.json",
        version: "2.1.0",
        runs: [Run {
            tool: Tool { driver: Driver { name: "courant", semantic_version: env!("CARGO_PKG_VERSION"), rules } },
            column_kind: "unicodeCodePoints",
            results,
        }],
    };
    serde_json::to_string_pretty(&log).expect("text and numbers serialise")
}

/// A path as a relative reference (RFC 3986).
fn uri(path: &str) -> String {
    use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};
    const PATH: &AsciiSet =
        &CONTROLS.add(b' ').add(b'"').add(b'#').add(b'%').add(b'<').add(b'>').add(b'?').add(b'[').add(b']').add(b'\\');
    utf8_percent_encode(path, PATH).to_string()
}

#[derive(Serialize)]
struct Log {
    #[serde(rename = "$schema")]
    schema: &'static str,
    version: &'static str,
    runs: [Run; 1],
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Run {
    tool: Tool,
    column_kind: &'static str,
    results: Vec<ResultObject>,
}

#[derive(Serialize)]
struct Tool {
    driver: Driver,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Driver {
    name: &'static str,
    semantic_version: &'static str,
    rules: Vec<Described>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Described {
    id: &'static str,
    short_description: Message,
    default_configuration: Configuration,
}

#[derive(Serialize)]
struct Configuration {
    enabled: bool,
    level: &'static str,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct ResultObject {
    rule_id: &'static str,
    rule_index: usize,
    level: &'static str,
    message: Message,
    locations: Vec<Location>,
}

#[derive(Serialize)]
struct Message {
    text: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Location {
    physical_location: PhysicalLocation,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct PhysicalLocation {
    artifact_location: ArtifactLocation,
    region: Region,
}

#[derive(Serialize)]
struct ArtifactLocation {
    uri: String,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Region {
    start_line: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    start_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    end_column: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    snippet: Option<Message>,
}
