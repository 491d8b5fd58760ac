//! The fields of the comment form, and their validation.
//!
//! The rules of the fields stand here, once; the theme's form repeats them as attributes only so that
//! browsers can say so before anything is sent.

use url::{Url, form_urlencoded};

use super::inbox::is_id;
use crate::article::slug::is_invisible;
use crate::config::FieldNames;
use crate::text::{clean, plain_line};

/// Characters of a name.
pub const NAME: usize = 100;
/// Characters of an e-mail address (RFC 5321, section 4.5.3.1.3, less the angle brackets).
pub const EMAIL: usize = 254;
/// Characters of the address of a page.
pub const WEBSITE: usize = 500;
/// Characters of a comment.
pub const COMMENT: usize = 20_000;
/// Bytes of an address of an article.
const ARTICLE: usize = 2_000;

/// Bytes of a whole form: the longest comment in a script whose characters take nine bytes each when they
/// are percent-encoded, and the rest.
pub const BODY: usize = 9 * COMMENT + 20_000;

/// The fields of the form, as they were sent but for line ends and control characters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Submission {
    /// The address of the article, root-relative with base path.
    pub article: String,
    /// Who writes.
    pub name: String,
    /// Their e-mail address.
    pub email: String,
    /// Their page.
    pub website: String,
    /// What they write: Markdown.
    pub comment: String,
    /// The id of the comment it answers; empty: the article.
    pub in_reply_to: String,
    /// A field that people do not see. Robots fill it.
    pub trap: String,
    /// How many seconds the form was open, if a script could say so.
    pub seconds: String,
    /// A sealed moment, on forms that the receiver made.
    pub sealed: String,
}

/// What is wrong with a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Problem {
    /// There is no name.
    NoName,
    /// The name is too long.
    LongName,
    /// There is no e-mail address.
    NoEmail,
    /// It is no e-mail address.
    BadEmail,
    /// It is no address of a page.
    BadWebsite,
    /// There is no text.
    NoComment,
    /// The text is too long.
    LongComment,
    /// The field that must stay empty is filled.
    Trap,
}

impl Problem {
    /// The key of its text in the theme.
    pub fn key(self) -> &'static str {
        match self {
            Self::NoName => "reply_error_no_name",
            Self::LongName => "reply_error_long_name",
            Self::NoEmail => "reply_error_no_email",
            Self::BadEmail => "reply_error_bad_email",
            Self::BadWebsite => "reply_error_bad_website",
            Self::NoComment => "reply_error_no_comment",
            Self::LongComment => "reply_error_long_comment",
            Self::Trap => "reply_error_trap",
        }
    }

    /// The field it is about.
    pub fn field(self) -> &'static str {
        match self {
            Self::NoName | Self::LongName => "name",
            Self::NoEmail | Self::BadEmail => "email",
            Self::BadWebsite => "website",
            Self::NoComment | Self::LongComment => "comment",
            Self::Trap => "subject",
        }
    }
}

impl Submission {
    /// Reads a form (`application/x-www-form-urlencoded`) whose fields have these names. Unknown fields are ignored; of
    /// a field that is there twice the first one counts.
    pub fn parse(body: &[u8], names: &FieldNames) -> Self {
        let mut this = Self::default();
        for (name, value) in form_urlencoded::parse(body) {
            let known = [
                (&*names.article, &mut this.article),
                (&*names.name, &mut this.name),
                (&*names.email, &mut this.email),
                (&*names.website, &mut this.website),
                (&*names.comment, &mut this.comment),
                (&*names.in_reply_to, &mut this.in_reply_to),
                (&*names.trap, &mut this.trap),
                ("seconds", &mut this.seconds),
                ("sealed", &mut this.sealed),
            ];
            let Some((_, field)) = known.into_iter().find(|(known, _)| *known == name) else { continue };
            if field.is_empty() {
                *field = clean(&value).replace("\r\n", "\n").replace('\r', "\n");
                // Invisible characters alone are not text, and a name must not reverse the text beside it.
                field.retain(|c| !matches!(c, '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}'));
                let is_blank = field.chars().all(|c| c.is_whitespace() || is_invisible(c));
                *field = if is_blank { String::new() } else { field.trim().to_owned() };
            }
        }
        // Names and addresses are one line, whatever a robot sends.
        for field in [&mut this.name, &mut this.email, &mut this.website] {
            *field = plain_line(&html_escape::encode_text(field));
        }
        if this.article.len() > ARTICLE || !this.article.starts_with('/') {
            this.article.clear();
        }
        if !is_id(&this.in_reply_to) {
            this.in_reply_to.clear();
        }
        if !this.website.is_empty() && !this.website.contains("://") {
            this.website.insert_str(0, "https://");
        }
        this
    }

    /// Everything that is wrong, in the order of the fields.
    pub fn problems(&self) -> Vec<Problem> {
        let mut problems = Vec::new();
        let length = |text: &str| text.chars().count();
        if self.name.is_empty() {
            problems.push(Problem::NoName);
        } else if length(&self.name) > NAME {
            problems.push(Problem::LongName);
        }
        if self.email.is_empty() {
            problems.push(Problem::NoEmail);
        } else if !is_email(&self.email) {
            problems.push(Problem::BadEmail);
        }
        if !self.website.is_empty() && !is_website(&self.website) {
            problems.push(Problem::BadWebsite);
        }
        if self.comment.is_empty() {
            problems.push(Problem::NoComment);
        } else if length(&self.comment) > COMMENT {
            problems.push(Problem::LongComment);
        }
        if !self.trap.is_empty() {
            problems.push(Problem::Trap);
        }
        problems
    }
}

/// Whether browsers accept it in `<input type="email">` (HTML Standard, "valid e-mail address").
fn is_email(text: &str) -> bool {
    let Some((local, domain)) = text.split_once('@') else { return false };
    let is_local = |byte: u8| byte.is_ascii_alphanumeric() || b".!#$%&'*+/=?^_`{|}~-".contains(&byte);
    // Domains in other scripts come as they are typed when a browser does not check.
    let is_label = |label: &str| {
        (1..=63).contains(&label.len())
            && !label.starts_with('-')
            && !label.ends_with('-')
            && label.chars().all(|c| c.is_alphanumeric() || c == '-')
    };
    text.len() <= EMAIL && !local.is_empty() && local.bytes().all(is_local) && domain.split('.').all(is_label)
}

fn is_website(text: &str) -> bool {
    text.chars().count() <= WEBSITE
        && Url::parse(text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https")
                && url.has_host()
                && url.username().is_empty()
                && url.password().is_none()
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_is_read() {
        let form = b"article=%2Flocal%2Fa%2F&name=+Ann+%26amp%3B%0ABo+&email=a%40b.example&website=b.example&comment=One%0D%0Atwo%00&other=1&name=second&in_reply_to=..%2Fx";
        let read = Submission::parse(form, &FieldNames::default());
        assert_eq!(read.article, "/local/a/");
        assert_eq!(read.name, "Ann &amp; Bo", "on one line, and otherwise as it was typed");
        assert_eq!(read.website, "https://b.example");
        assert_eq!(read.comment, "One\ntwo");
        assert_eq!(read.in_reply_to, "", "no id of ours");
        assert_eq!(read.problems(), []);
    }

    #[test]
    fn fields_have_the_names_that_the_site_gives_them() {
        let names = FieldNames { comment: "message".into(), trap: "_gotcha".into(), ..FieldNames::default() };
        let read = Submission::parse(b"comment=no&message=One&subject=no&_gotcha=x", &names);
        assert_eq!((&*read.comment, &*read.trap), ("One", "x"));
    }

    #[test]
    fn every_problem_is_told_at_once() {
        let none = Submission::default();
        assert_eq!(none.problems(), [Problem::NoName, Problem::NoEmail, Problem::NoComment]);
        let bad = Submission {
            name: "n".repeat(NAME + 1),
            email: "a@b@c".into(),
            website: "javascript:alert(1)//".into(),
            comment: "é".repeat(COMMENT + 1),
            trap: "x".into(),
            ..Submission::default()
        };
        let found = [Problem::LongName, Problem::BadEmail, Problem::BadWebsite, Problem::LongComment, Problem::Trap];
        assert_eq!(bad.problems(), found);
    }

    #[test]
    fn addresses_are_those_that_browsers_accept() {
        assert!(is_email("o'neil+news@mail.example") && is_email("x@münchen.example") && is_email("a@localhost"));
        assert!(
            !is_email("@b.example") && !is_email("a@-b.example") && !is_email("a b@c.example") && !is_email("a@b.")
        );
        assert!(is_website("http://a.example/x?y#z"));
        assert!(!is_website("ftp://a.example/") && !is_website("https://") && !is_website("https://a:b@c.example/"));
    }
}
