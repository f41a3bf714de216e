//! Letters: a template and its data become the bytes of a PDF. The only crate that links typst.
//!
//! Templates are part of the program. Nothing is read from disk or network and no clock is asked: the
//! date of the document is the date in its data, so that equal data gives equal bytes. What comes out is
//! tagged and follows PDF/UA-1, so that a screen reader can read a letter to whom it is addressed.

mod engine;
mod templates;

pub use engine::{Engine, Typeset, TypesetError};
pub use templates::{TEMPLATES, Template};
