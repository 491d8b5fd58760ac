//! Files of `static/` that programs read at a fixed address: who may sell advertising (`ads.txt`), where to report a
//! fault (`security.txt`), whom a newsroom belongs to (`trust.txt`).
//!
//! Whoever reads them skips what does not keep to the grammar and tells nobody, so a slip costs what the file is for.
//! Of a file only its own lines are looked at: nobody is asked whether a seller or an association exists.

use super::{Findings, Rule, Site};
use crate::article::time::Timestamp;
use crate::diagnostic::{Place, did_you_mean};
use crate::site_path;

/// A file, read.
struct Statement<'t> {
    path: &'t str,
    text: &'t str,
    rule: Rule,
}

impl<'t> Statement<'t> {
    /// Tells what is wrong with `part`, which is a part of the text.
    fn tell(&self, findings: &mut Findings<'_>, part: &str, message: impl Into<String>, hint: impl Into<String>) {
        let start = (part.as_ptr() as usize).saturating_sub(self.text.as_ptr() as usize);
        let place = || Place::span(self.path, self.text, start..start + part.len());
        findings.add(self.rule, place, message, hint);
    }

    /// The lines without what follows `#`, blanks around them, and those in which nothing is left.
    fn lines_without_comments(&self) -> impl Iterator<Item = &'t str> + use<'t> {
        let without_comment = |line: &'t str| line.split('#').next().unwrap_or_default().trim();
        self.text.lines().map(without_comment).filter(|line| !line.is_empty())
    }
}

/// Looks at the files that the site has.
pub(super) fn check(site: &Site<'_>, findings: &mut Findings<'_>) {
    type Look = fn(&Statement<'_>, &mut Findings<'_>, Timestamp);
    let all: [(&str, Rule, Look); 5] = [
        ("static/ads.txt", Rule::AdsTxt, ads),
        ("static/.well-known/security.txt", Rule::SecurityTxt, security),
        ("static/security.txt", Rule::SecurityTxt, security),
        ("static/.well-known/trust.txt", Rule::TrustTxt, trust),
        ("static/trust.txt", Rule::TrustTxt, trust),
    ];
    for (path, rule, look) in all {
        let row = site.index.row_of(path).map(|row| &site.index.rows[row as usize]);
        let Some(row) = row.filter(|_| findings.wants(rule)) else { continue };
        let Ok(bytes) = site.reader.read(&row.path, &row.content) else { continue };
        let text = String::from_utf8_lossy(&bytes);
        let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
        let mut own = Findings::of_file(findings.checks, path);
        look(&Statement { path, text, rule }, &mut own, site.now);
        if path == "static/security.txt" && site.index.row_of("static/.well-known/security.txt").is_none() {
            let message = "it is looked for at /.well-known/security.txt";
            own.add(rule, Place::file(path), message, "move it to static/.well-known/security.txt");
        }
        findings.found.append(&mut own.found);
    }
}

/// The variables of ads.txt 1.1.
const ADS_VARIABLES: [&str; 5] = ["CONTACT", "SUBDOMAIN", "OWNERDOMAIN", "MANAGERDOMAIN", "INVENTORYPARTNERDOMAIN"];

/// `ads.txt` (IAB Tech Lab, version 1.1, section 3): a record or a variable a line.
fn ads(file: &Statement<'_>, findings: &mut Findings<'_>, _: Timestamp) {
    let mut has_lines = false;
    let mut has_owner = false;
    for line in file.lines_without_comments() {
        has_lines = true;
        // What follows a semicolon is for extensions.
        let line = line.split(';').next().unwrap_or_default().trim();
        match line.split_once('=') {
            Some((name, value)) if !name.contains([',', '.']) => {
                ads_variable(file, findings, (name.trim(), value.trim()), &mut has_owner);
            }
            _ => ads_record(file, findings, line),
        }
    }
    if !has_lines {
        let hint = "name who may; if nobody may, write `placeholder.example.com, placeholder, DIRECT, placeholder`";
        findings.add(file.rule, Place::file(file.path), "it does not say who may sell advertising", hint);
    }
}

fn ads_variable(file: &Statement<'_>, findings: &mut Findings<'_>, (name, value): (&str, &str), has_owner: &mut bool) {
    let known = name.to_ascii_uppercase();
    if !ADS_VARIABLES.contains(&known.as_str()) {
        let hint = did_you_mean(&known, ADS_VARIABLES);
        let hint = hint.unwrap_or_else(|| format!("the variables are {}", ADS_VARIABLES.join(", ")));
        return file.tell(findings, name, format!("ads.txt has no variable `{name}`"), hint);
    }
    if value.is_empty() {
        return file.tell(findings, name, format!("`{name}` has no value"), "write it behind the `=`");
    }
    let (domain, country) = match value.split_once(',') {
        Some((domain, country)) if known == "MANAGERDOMAIN" => (domain.trim(), Some(country.trim())),
        _ => (value, None),
    };
    if known != "CONTACT" && !is_domain(domain) {
        file.tell(findings, domain, format!("`{domain}` is not a domain"), DOMAIN_ALONE);
    }
    if let Some(country) = country.filter(|code| code.len() != 2 || !code.chars().all(|c| c.is_ascii_alphabetic())) {
        let hint = "write two letters, as in `MANAGERDOMAIN=sales.example, DE`";
        file.tell(findings, country, format!("`{country}` is not the code of a country"), hint);
    }
    if known == "OWNERDOMAIN" && std::mem::replace(has_owner, true) {
        file.tell(findings, name, "of several owners only the first one counts", "keep one OWNERDOMAIN");
    }
}

fn ads_record(file: &Statement<'_>, findings: &mut Findings<'_>, line: &str) {
    let fields: Vec<&str> = line.split(',').map(str::trim).collect();
    let (domain, account, relation) = match fields[..] {
        [domain, account, relation] | [domain, account, relation, _] => (domain, account, relation),
        _ => {
            let message = format!("a record has three or four fields, and this line has {}", fields.len());
            let hint = "write as in `ads.example.com, 12345, DIRECT, f08c47fec0942fa0`";
            return file.tell(findings, line, message, hint);
        }
    };
    if !is_domain(domain) {
        file.tell(findings, domain, format!("`{domain}` is not a domain"), DOMAIN_ALONE);
    }
    if account.is_empty() {
        let hint = "write the number of your account there as the second field";
        file.tell(findings, line, "the record names no account", hint);
    }
    if !["DIRECT", "RESELLER"].iter().any(|known| relation.eq_ignore_ascii_case(known)) {
        let hint = "write DIRECT for an account of your own, else RESELLER";
        file.tell(findings, relation, format!("`{relation}` is neither DIRECT nor RESELLER"), hint);
    }
}

const DOMAIN_ALONE: &str = "write the domain alone, as in `example.com`";

fn is_domain(text: &str) -> bool {
    let is_label = |label: &str| {
        let is_fine = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '_');
        !label.is_empty() && label.len() < 64 && label.chars().all(is_fine) && !label.starts_with('-')
    };
    text.contains('.') && text.split('.').all(is_label)
}

/// The fields of RFC 9116, and those that were registered since
/// (<https://www.iana.org/assignments/security-txt-fields/>).
#[rustfmt::skip]
const SECURITY_FIELDS: [&str; 10] = [
    "Acknowledgments", "Bug-Bounty", "Canonical", "Contact", "CSAF", "Encryption", "Expires",
    "Hiring", "Policy", "Preferred-Languages",
];

/// The lines of `security.txt` that are signed, or all of them (RFC 9116, section 2.3).
fn signed(text: &str) -> impl Iterator<Item = &str> {
    let is_signed = text.starts_with("-----BEGIN PGP SIGNED MESSAGE-----");
    let lines = text.lines().skip_while(move |line| is_signed && !line.trim().is_empty());
    let lines = lines.take_while(|line| !line.starts_with("-----BEGIN PGP SIGNATURE-----"));
    lines.map(move |line| if is_signed { line.strip_prefix("- ").unwrap_or(line) } else { line })
}

/// `security.txt` (RFC 9116).
fn security(file: &Statement<'_>, findings: &mut Findings<'_>, now: Timestamp) {
    let (mut contacts, mut expiries, mut languages) = (0, 0, 0);
    for line in signed(file.text).map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#')) {
        let Some((name, value)) = line.split_once(':') else {
            file.tell(findings, line, "a line is `Name: value`", "begin comments with `#`");
            continue;
        };
        let Some(known) = SECURITY_FIELDS.iter().find(|known| known.eq_ignore_ascii_case(name)) else {
            let hint = did_you_mean(name, SECURITY_FIELDS);
            let hint = hint.unwrap_or_else(|| format!("the fields are {}", SECURITY_FIELDS.join(", ")));
            file.tell(findings, name, format!("security.txt has no field `{name}`"), hint);
            continue;
        };
        let value = value.trim();
        if value.is_empty() {
            file.tell(findings, name, format!("`{name}` has no value"), "write it behind the colon");
            continue;
        }
        let mut is_again = false;
        match *known {
            "Expires" => {
                expiries += 1;
                is_again = expiries > 1;
                expiry(file, findings, value, now);
            }
            "Preferred-Languages" => {
                languages += 1;
                is_again = languages > 1;
                for tag in value.split(',').map(str::trim).filter(|tag| !is_language(tag)) {
                    file.tell(findings, tag, format!("`{tag}` is not a language"), "write tags as in `en, de`");
                }
            }
            "Bug-Bounty" => {}
            _ => {
                contacts += usize::from(*known == "Contact");
                security_address(file, findings, value);
            }
        }
        if is_again {
            file.tell(findings, name, format!("`{known}` stands there twice"), "keep one");
        }
    }
    let whole = Place::file(file.path);
    if contacts == 0 {
        let hint = "write for example `Contact: mailto:security@example.com`";
        findings.add(file.rule, whole.clone(), "it does not say whom to tell (`Contact`)", hint);
    }
    if expiries == 0 {
        let hint = "write a moment within a year, as in `Expires: 2027-01-31T00:00:00Z`";
        findings.add(file.rule, whole, "it does not say until when it holds (`Expires`)", hint);
    }
}

fn expiry(file: &Statement<'_>, findings: &mut Findings<'_>, value: &str, now: Timestamp) {
    const AGAIN: &str = "write a moment within a year, as in `2027-01-31T00:00:00Z`";
    match value.parse::<jiff::Timestamp>() {
        Err(_) => file.tell(findings, value, format!("`{value}` is not a moment (RFC 3339)"), AGAIN),
        Ok(at) if at.as_second() <= now.0 => {
            file.tell(findings, value, "it has expired, so nobody trusts it any more", AGAIN);
        }
        Ok(_) => {}
    }
}

/// An address of `security.txt`: on the web by HTTPS only (RFC 9116, section 2.5).
fn security_address(file: &Statement<'_>, findings: &mut Findings<'_>, value: &str) {
    let message = || format!("`{value}` is not an address with its scheme");
    let is_address = site_path::scheme(value).is_some_and(|(_, rest)| !rest.is_empty());
    if value.get(..7).is_some_and(|start| start.eq_ignore_ascii_case("http://")) {
        let hint = format!("write https://{}", &value[7..]);
        file.tell(findings, value, "an address on the web begins with https:// here", hint);
    } else if value.contains(char::is_whitespace) {
        file.tell(findings, value, message(), "keep the address alone; comments are lines that begin with `#`");
    } else if !is_address {
        let scheme = if value.contains('@') { "mailto:" } else { "https://" };
        file.tell(findings, value, message(), format!("write `{scheme}{value}`"));
    }
}

fn is_language(tag: &str) -> bool {
    let mut parts = tag.split('-');
    let is_first = |part: &str| (2..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphabetic());
    parts.next().is_some_and(is_first)
        && parts.all(|part| (1..=8).contains(&part.len()) && part.chars().all(|c| c.is_ascii_alphanumeric()))
}

/// What `trust.txt` can say (JournalList, reference document of July 2024).
#[rustfmt::skip]
const TRUST_ATTRIBUTES: [&str; 10] = [
    "member", "belongto", "control", "controlledby", "social", "vendor", "customer", "disclosure",
    "contact", "datatrainingallowed",
];

/// `trust.txt`: `attribute=value` a line.
fn trust(file: &Statement<'_>, findings: &mut Findings<'_>, _: Timestamp) {
    // An address may have a `#`.
    let lines = file.text.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
    for line in lines {
        let Some((name, value)) = line.split_once('=') else {
            file.tell(findings, line, "a line is `attribute=value`", "begin comments with `#`");
            continue;
        };
        let (name, value) = (name.trim(), value.trim());
        let known = name.to_ascii_lowercase();
        if !TRUST_ATTRIBUTES.contains(&known.as_str()) {
            let hint = did_you_mean(&known, TRUST_ATTRIBUTES);
            let hint = hint.unwrap_or_else(|| format!("the attributes are {}", TRUST_ATTRIBUTES.join(", ")));
            file.tell(findings, name, format!("trust.txt has no attribute `{name}`"), hint);
            continue;
        }
        let is_web = || value.strip_prefix("https://").or_else(|| value.strip_prefix("http://")).is_some_and(is_host);
        match known.as_str() {
            _ if value.is_empty() => {
                file.tell(findings, name, format!("`{name}` has no value"), "write it behind the `=`");
            }
            "contact" => {}
            "datatrainingallowed" if matches!(value.to_ascii_lowercase().as_str(), "yes" | "no") => {}
            "datatrainingallowed" => {
                file.tell(findings, value, format!("`{value}` is neither yes nor no"), "write yes or no");
            }
            _ if is_web() => {}
            _ => {
                let hint = if is_host(value) { format!("write `https://{value}`") } else { TRUST_ADDRESS.to_owned() };
                file.tell(findings, value, format!("`{value}` is not an address on the web"), hint);
            }
        }
    }
}

const TRUST_ADDRESS: &str = "write it as in `https://www.example.com/`";

/// Whether a text begins with a domain.
fn is_host(text: &str) -> bool {
    let end = text.find(['/', '?', '#', ':']).unwrap_or(text.len());
    is_domain(&text[..end]) && !text.contains(char::is_whitespace)
}
