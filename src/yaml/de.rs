//! A tree as a source of values of any type, for serde.

use std::slice;

use serde::de::value::StrDeserializer;
use serde::de::{self, DeserializeSeed, Deserializer, IntoDeserializer, MapAccess, SeqAccess, Unexpected, Visitor};
use serde::forward_to_deserialize_any;

use super::{Content, Entry, Error, Node, Scalar};

impl de::Error for Error {
    fn custom<T: std::fmt::Display>(message: T) -> Self {
        Self::new(message.to_string())
    }
}

impl Node {
    /// The text of a scalar without quotation marks.
    fn plain(&self) -> Option<&str> {
        match &self.content {
            Content::Plain(text) => Some(text),
            _ => None,
        }
    }

    fn is_empty(&self) -> bool {
        self.plain() == Some("")
    }
}

macro_rules! numbers {
    ($($method:ident)*) => {$(
        fn $method<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
            let text = self.plain().unwrap_or_default();
            match (text.parse::<u64>(), text.parse::<i64>()) {
                (Ok(number), _) => visitor.visit_u64(number),
                (_, Ok(number)) => visitor.visit_i64(number),
                _ => self.deserialize_any(visitor),
            }
            .map_err(|error: Error| error.at(self.mark))
        }
    )*};
}

impl<'n> Deserializer<'n> for &'n Node {
    type Error = Error;

    fn deserialize_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        match &self.content {
            Content::List(items) => visitor.visit_seq(Items { items: items.iter(), number: 0 }),
            Content::Map(entries) => visitor.visit_map(Entries { entries: entries.iter(), value: None }),
            Content::Text(text) => visitor.visit_borrowed_str(text),
            Content::Plain(text) => match Scalar::plain(text) {
                Scalar::Null => visitor.visit_unit(),
                Scalar::Boolean(yes) => visitor.visit_bool(yes),
                Scalar::Unsigned(number) => visitor.visit_u64(number),
                Scalar::Negative(number) => visitor.visit_i64(number),
                Scalar::Float(number) => visitor.visit_f64(number),
                Scalar::Text(text) => visitor.visit_borrowed_str(text),
            },
        }
        .map_err(|error: Error| error.at(self.mark))
    }

    numbers! {
        deserialize_i8 deserialize_i16 deserialize_i32 deserialize_i64
        deserialize_u8 deserialize_u16 deserialize_u32 deserialize_u64
    }

    fn deserialize_f64<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.plain().map(str::parse::<f64>) {
            Some(Ok(number)) if number.is_finite() => visitor.visit_f64(number),
            _ => self.deserialize_any(visitor),
        }
        .map_err(|error: Error| error.at(self.mark))
    }

    fn deserialize_f32<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_f64(visitor)
    }

    fn deserialize_str<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        match self.text() {
            Some(text) => visitor.visit_borrowed_str(text).map_err(|error: Error| error.at(self.mark)),
            None => self.deserialize_any(visitor),
        }
    }

    fn deserialize_string<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_identifier<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_str(visitor)
    }

    fn deserialize_option<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'n>>(self, _: &'static str, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_seq<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_empty() {
            return visitor.visit_seq(Items { items: [].iter(), number: 0 });
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_tuple<V: Visitor<'n>>(self, _: usize, visitor: V) -> Result<V::Value, Error> {
        self.deserialize_seq(visitor)
    }

    fn deserialize_map<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        if self.is_empty() {
            let none = Entries { entries: [].iter(), value: None };
            return visitor.visit_map(none).map_err(|error: Error| error.at(self.mark));
        }
        if self.items().is_some() {
            // serde would take the items for the fields of a struct.
            return Err(<Error as de::Error>::invalid_type(Unexpected::Seq, &visitor).at(self.mark));
        }
        self.deserialize_any(visitor)
    }

    fn deserialize_struct<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        self.deserialize_map(visitor)
    }

    fn deserialize_enum<V: Visitor<'n>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Error> {
        match self.text() {
            Some(text) => {
                let variant: StrDeserializer<'_, Error> = text.into_deserializer();
                visitor.visit_enum(variant)
            }
            None => {
                let given = if self.items().is_some() { Unexpected::Seq } else { Unexpected::Map };
                Err(de::Error::invalid_type(given, &"text"))
            }
        }
        .map_err(|error: Error| error.at(self.mark))
    }

    fn deserialize_ignored_any<V: Visitor<'n>>(self, visitor: V) -> Result<V::Value, Error> {
        visitor.visit_unit()
    }

    forward_to_deserialize_any! { <V: Visitor<'n>> bool char bytes byte_buf unit unit_struct tuple_struct i128 u128 }
}

/// The items of a list, one after another.
struct Items<'n> {
    items: slice::Iter<'n, Node>,
    number: usize,
}

impl<'n> SeqAccess<'n> for Items<'n> {
    type Error = Error;

    fn next_element_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<Option<T::Value>, Error> {
        let Some(item) = self.items.next() else { return Ok(None) };
        self.number += 1;
        let at = |error: Error| error.at(item.mark).within(&format!("[{}]", self.number - 1));
        seed.deserialize(item).map(Some).map_err(at)
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.items.len())
    }
}

/// The entries of a map, one after another.
struct Entries<'n> {
    entries: slice::Iter<'n, Entry>,
    value: Option<&'n Entry>,
}

impl<'n> MapAccess<'n> for Entries<'n> {
    type Error = Error;

    fn next_key_seed<K: DeserializeSeed<'n>>(&mut self, seed: K) -> Result<Option<K::Value>, Error> {
        self.value = self.entries.next();
        let Some(entry) = self.value else { return Ok(None) };
        seed.deserialize(&entry.key).map(Some).map_err(|error| error.at(entry.key.mark))
    }

    fn next_value_seed<T: DeserializeSeed<'n>>(&mut self, seed: T) -> Result<T::Value, Error> {
        let entry = self.value.take().ok_or_else(|| Error::new("a value without its key"))?;
        seed.deserialize(&entry.value).map_err(|error| error.at(entry.mark()).within(entry.name()))
    }

    fn size_hint(&self) -> Option<usize> {
        Some(self.entries.len())
    }
}
