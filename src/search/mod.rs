//! The search: the words of an article, their stems, and the files of a segment. It knows no site; which articles a
//! segment holds, and what is read of them, is the business of `render::search`.

pub(crate) mod segment;
pub(crate) mod text;
pub(crate) mod words;
