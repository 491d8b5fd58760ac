//! The pages that the receiver makes: what is wrong, with everything that was typed; and the comment once
//! more, before it is sent.
//!
//! They carry their own style, because the receiver may run where the site is not published.

use std::collections::BTreeMap;
use std::sync::{Arc, LazyLock};

use serde::Serialize;
use tera::{Context, Tera, Value};

use super::submission::{Problem, Submission};
use crate::config::FieldNames;

const TEMPLATE: &str = "page.html";

static TEMPLATES: LazyLock<Tera> = LazyLock::new(|| {
    let mut tera = Tera::new();
    tera.add_raw_template(TEMPLATE, include_str!("page.html")).expect("our template compiles");
    tera
});

/// A page for a reader.
#[derive(Debug)]
pub(super) struct Page<'a> {
    /// The words of the theme.
    pub(super) texts: Arc<BTreeMap<String, String>>,
    /// The language of the article.
    pub(super) language: &'a str,
    /// The title of the site.
    pub(super) site: &'a str,
    /// The address that the form is sent to.
    pub(super) action: &'a str,
    /// The names of its fields.
    pub(super) names: &'a FieldNames,
    /// The address of the article.
    pub(super) back: Option<String>,
    /// What was typed; without it there is no form.
    pub(super) form: Option<&'a Submission>,
}

#[derive(Serialize)]
struct Told<'a> {
    field: Option<&'static str>,
    text: &'a str,
}

#[derive(Serialize)]
struct Field<'a> {
    id: &'static str,
    name: &'a str,
    label: &'a str,
    r#type: &'static str,
    autocomplete: &'static str,
    required: bool,
    value: &'a str,
    error: Option<&'a str>,
}

#[derive(Serialize)]
struct Form<'a> {
    name: &'a str,
    article: &'a str,
    in_reply_to: &'a str,
    sealed: &'a str,
}

impl Page<'_> {
    /// An empty form, or one line of explanation, under the title with the key `title`.
    pub(super) fn plain(&self, title: &str, lead: &str) -> String {
        self.html(self.text(title), self.text(lead), &[], None)
    }

    /// Something went wrong that is no field's fault.
    pub(super) fn refusal(&self, problem: &str) -> String {
        let told = [Told { field: None, text: self.text(problem) }];
        // What could not be read is not there to be kept.
        let lead = if self.form.is_some() { self.text("reply_kept") } else { "" };
        self.html(self.text("reply_not_sent"), lead, &told, None)
    }

    /// What is wrong with the fields.
    pub(super) fn problems(&self, problems: &[Problem]) -> String {
        let field = |problem: &Problem| (*problem != Problem::Trap).then(|| problem.field());
        let told: Vec<Told<'_>> =
            problems.iter().map(|problem| Told { field: field(problem), text: self.text(problem.key()) }).collect();
        self.html(self.text("reply_not_sent"), self.text("reply_kept"), &told, None)
    }

    /// The comment as it will look, before it is sent.
    pub(super) fn preview(&self, html: &str) -> String {
        self.html(self.text("reply_check"), self.text("reply_check_note"), &[], Some(html))
    }

    fn text<'t>(&'t self, key: &'t str) -> &'t str {
        self.texts.get(key).map_or(key, String::as_str)
    }

    fn html(&self, title: &str, lead: &str, told: &[Told<'_>], preview: Option<&str>) -> String {
        let mut context = Context::new();
        context.insert_value("texts", Value::from_serializable(&*self.texts));
        context.insert_value("lang", Value::from(self.language));
        let direction = if crate::locale::is_right_to_left(self.language) { "rtl" } else { "ltr" };
        context.insert_value("dir", Value::from(direction));
        context.insert_value("site", Value::from(self.site));
        context.insert_value("names", Value::from_serializable(self.names));
        context.insert_value("action", Value::from(self.action));
        context.insert_value("title", Value::from(title));
        context.insert_value("lead", Value::from(lead));
        context.insert_value("back", self.back.as_deref().map_or_else(Value::none, Value::from));
        context.insert_value("problems", Value::from_serializable(&told));
        context.insert_value("preview", preview.map_or_else(Value::none, Value::safe_string));
        let form = self.form.map(|form| Form {
            name: &form.name,
            article: &form.article,
            in_reply_to: &form.in_reply_to,
            sealed: &form.sealed,
        });
        context.insert_value("form", form.map_or_else(Value::none, |form| Value::from_serializable(&form)));
        let fields = self.form.map(|form| self.fields(form, told)).unwrap_or_default();
        context.insert_value("fields", Value::from_serializable(&fields));
        TEMPLATES.render(TEMPLATE, &context).expect("our template has everything it names")
    }

    fn fields<'f>(&'f self, form: &'f Submission, told: &[Told<'f>]) -> Vec<Field<'f>> {
        let field = |id, name, label, r#type, autocomplete, required, value| {
            let error = told.iter().find(|told| told.field == Some(id)).map(|told| told.text);
            Field { id, name, label: self.text(label), r#type, autocomplete, required, value, error }
        };
        let names = self.names;
        vec![
            field("name", &*names.name, "reply_name", "text", "name", true, form.name.as_str()),
            field("email", &*names.email, "reply_email", "email", "email", true, &form.email),
            field("website", &*names.website, "reply_website", "url", "url", false, &form.website),
            field("comment", &*names.comment, "reply_comment", "text", "off", true, &form.comment),
        ]
    }
}
