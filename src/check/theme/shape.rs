//! What is known of a value that a template sees: its fields, and the fields of what is in it.
//!
//! Shapes are taken from real values, those of a sample site that uses every feature, so there is no list of
//! fields that could be wrong.

use std::collections::BTreeMap;

use tera::Value;

/// What is known of a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Shape {
    /// Nothing yet: no value has been seen.
    #[default]
    Unseen,
    /// It may be anything; nothing that is said of it can be wrong.
    Any,
    /// A text, number or truth value.
    Plain,
    /// A list of such values.
    List(Box<Shape>),
    /// A map with these fields.
    Map(BTreeMap<String, Shape>),
}

impl Shape {
    /// The shape of a value.
    pub(super) fn of(value: &Value) -> Self {
        if value.is_none() || value.is_undefined() {
            return Self::Unseen;
        }
        if let Some(map) = value.as_map() {
            return Self::Map(map.iter().map(|(key, value)| (key.to_string(), Self::of(value))).collect());
        }
        match value.as_array() {
            Some(items) => Self::list(items.iter().map(Self::of).fold(Self::Unseen, Self::merge)),
            None => Self::Plain,
        }
    }

    /// A list of what has the shape `of`.
    pub(super) fn list(of: Self) -> Self {
        Self::List(Box::new(of))
    }

    /// A map with these plain fields.
    pub(super) fn plain_map(fields: &[&str]) -> Self {
        Self::Map(fields.iter().map(|name| ((*name).to_owned(), Self::Plain)).collect())
    }

    /// What is either this or that.
    pub(super) fn merge(self, other: Self) -> Self {
        match (self, other) {
            (Self::Unseen, one) | (one, Self::Unseen) => one,
            (Self::Plain, Self::Plain) => Self::Plain,
            (Self::List(a), Self::List(b)) => Self::list(a.merge(*b)),
            (Self::Map(mut a), Self::Map(b)) => {
                for (name, shape) in b {
                    let known = a.remove(&name).unwrap_or_default();
                    a.insert(name, known.merge(shape));
                }
                Self::Map(a)
            }
            _ => Self::Any,
        }
    }

    /// The shape of a field; none if there is no such field.
    pub(super) fn field(&self, name: &str) -> Option<Self> {
        match self {
            Self::Map(fields) => fields.get(name).cloned(),
            Self::Unseen => Some(Self::Unseen),
            _ => Some(Self::Any),
        }
    }

    /// The names of the fields, if it is a map.
    pub(super) fn fields(&self) -> impl Iterator<Item = &str> {
        let fields = match self {
            Self::Map(fields) => Some(fields.keys().map(String::as_str)),
            _ => None,
        };
        fields.into_iter().flatten()
    }

    /// The shape of what is in a list.
    pub(super) fn item(&self) -> Self {
        match self {
            Self::List(item) => (**item).clone(),
            Self::Unseen => Self::Unseen,
            _ => Self::Any,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shapes_of_values_are_put_together() {
        let of = |json: serde_json::Value| Shape::of(&Value::from_serializable(&json));
        let a = of(serde_json::json!({ "title": "x", "image": null, "tags": [{ "name": "t" }] }));
        let b = of(serde_json::json!({ "title": "y", "image": { "src": "z" }, "tags": [] }));
        let both = a.merge(b);
        assert_eq!(both.fields().collect::<Vec<_>>(), ["image", "tags", "title"]);
        assert_eq!(both.field("image").expect("seen").field("src"), Some(Shape::Plain));
        assert_eq!(both.field("tags").expect("seen").item().field("name"), Some(Shape::Plain));
        assert_eq!(both.field("tag"), None);
    }

    #[test]
    fn what_is_not_known_is_not_wrong() {
        assert_eq!(Shape::Any.field("x"), Some(Shape::Any));
        assert_eq!(Shape::Plain.merge(Shape::list(Shape::Plain)), Shape::Any);
        assert_eq!(Shape::Unseen.item(), Shape::Unseen);
    }
}
