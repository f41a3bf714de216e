//! The engine: library, fonts and parsed templates, shared by all letters of a process.

use std::sync::atomic::{AtomicU64, Ordering};

use duly_domain::Date;
use serde_json::Value;
use typst::{
    Library, LibraryExt as _, World,
    diag::{FileError, FileResult, SourceDiagnostic},
    foundations::{Bytes, Datetime, Duration, Smart},
    syntax::{FileId, RootedPath, Source, VirtualPath, VirtualRoot},
    text::{Font, FontBook},
    utils::LazyHash,
};
use typst_kit::fonts::FontStore;
use typst_layout::PagedDocument;
use typst_pdf::{PdfOptions, PdfStandard, PdfStandards, Timestamp};

use crate::templates::{LETTERHEAD, TEMPLATES, Template};

/// Pages between two evictions of typst's process-wide cache. Without them it keeps about 0.75 MB of
/// every letter; it speeds up only repeats of the same letter, so evicting loses nothing.
const PAGES_BETWEEN_EVICTIONS: u64 = 50;

/// A typeset letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Typeset {
    /// The document's bytes: the same for the same data.
    pub pdf: Vec<u8>,
    /// Its pages, at least one.
    pub pages: u32,
    /// The version of the template that made it.
    pub template_version: u32,
}

/// Why a letter cannot be typeset. None of these names a value of the data.
#[derive(Debug, thiserror::Error)]
pub enum TypesetError {
    /// No template has this name.
    #[error("there is no template of this name")]
    UnknownTemplate,
    /// The data has no `date` of the form `2026-01-31`.
    #[error("the data has no date of the form YYYY-MM-DD")]
    NoDate,
    /// The template and the data do not fit each other.
    #[error("the template {template} does not fit its data: {message}")]
    Template {
        /// Its name.
        template: &'static str,
        /// What typst says.
        message: String,
    },
    /// The document does not meet the standard.
    #[error("the document of template {template} is no PDF/UA-1: {message}")]
    Pdf {
        /// Its name.
        template: &'static str,
        /// What typst says.
        message: String,
    },
}

/// Typesets letters. One for the process, shared; any number of threads may use it at once.
pub struct Engine {
    library: LazyHash<Library>,
    fonts: FontStore,
    letterhead: Source,
    templates: Vec<(&'static Template, Source)>,
    data: FileId,
    pages: AtomicU64,
}

/// What typst sees while it makes one letter: the template, the letterhead and the data.
struct Letter<'e> {
    engine: &'e Engine,
    main: &'e Source,
    data: Bytes,
    today: Datetime,
}

fn file(path: &str) -> FileId {
    let path = VirtualPath::new(path).expect("the paths in this crate are paths");
    RootedPath::new(VirtualRoot::Project, path).intern()
}

impl Default for Engine {
    fn default() -> Self {
        Self::new()
    }
}

impl Engine {
    /// Loads the fonts and parses the templates: some milliseconds.
    #[must_use]
    pub fn new() -> Self {
        let mut fonts = FontStore::new();
        fonts.extend(typst_kit::fonts::embedded());
        let source = |name: &str, text: &str| Source::new(file(name), text.to_owned());
        Self {
            library: LazyHash::new(Library::default()),
            fonts,
            letterhead: source("/letterhead.typ", LETTERHEAD),
            templates: TEMPLATES
                .iter()
                .map(|t| (t, source(&format!("/{}.typ", t.name), t.source)))
                .collect(),
            data: file("/data.json"),
            pages: AtomicU64::new(0),
        }
    }

    /// Typesets one letter. Takes milliseconds to seconds of processor time, by its pages: call it where
    /// blocking is allowed.
    ///
    /// # Errors
    /// A template that is none, or data that does not fit it.
    pub fn typeset(&self, template: &str, data: &Value) -> Result<Typeset, TypesetError> {
        let (template, main) = self
            .templates
            .iter()
            .find(|(known, _)| known.name == template)
            .ok_or(TypesetError::UnknownTemplate)?;
        let today = date_of(data).ok_or(TypesetError::NoDate)?;
        let bytes = Bytes::new(data.to_string().into_bytes());
        let letter = Letter { engine: self, main, data: bytes, today };
        let made = make(template, &letter);
        self.forget_after(made.as_ref().map_or(1, |made| made.pages));
        made
    }

    /// The one place that empties typst's cache.
    fn forget_after(&self, pages: u32) {
        let before = self.pages.fetch_add(u64::from(pages), Ordering::Relaxed);
        let after = before + u64::from(pages);
        if before / PAGES_BETWEEN_EVICTIONS != after / PAGES_BETWEEN_EVICTIONS {
            comemo::evict(0);
        }
    }
}

fn make(template: &Template, letter: &Letter<'_>) -> Result<Typeset, TypesetError> {
    let document = typst::compile::<PagedDocument>(letter).output.map_err(|errors| {
        TypesetError::Template { template: template.name, message: said(&errors) }
    })?;
    let standards = PdfStandards::new(&[PdfStandard::Ua_1]).expect("one standard is consistent");
    let options = PdfOptions {
        ident: Smart::Auto,
        timestamp: Some(Timestamp::new_utc(letter.today)),
        standards,
        tagged: true,
        ..PdfOptions::default()
    };
    let pdf = typst_pdf::pdf(&document, &options)
        .map_err(|errors| TypesetError::Pdf { template: template.name, message: said(&errors) })?;
    let pages = u32::try_from(document.pages().len()).expect("a letter's pages fit a u32");
    Ok(Typeset { pdf, pages, template_version: template.version })
}

/// Messages without spans: they show the template, never the data.
fn said(errors: &[SourceDiagnostic]) -> String {
    errors.iter().map(|error| error.message.as_str()).collect::<Vec<_>>().join("; ")
}

/// Noon of the date in the data.
fn date_of(data: &Value) -> Option<Datetime> {
    use chrono::Datelike as _;
    let date = data.get("date")?.as_str()?.parse::<Date>().ok()?;
    let small = |n: u32| u8::try_from(n).ok();
    Datetime::from_ymd_hms(date.year(), small(date.month())?, small(date.day())?, 12, 0, 0)
}

impl World for Letter<'_> {
    fn library(&self) -> &LazyHash<Library> {
        &self.engine.library
    }

    fn book(&self) -> &LazyHash<FontBook> {
        self.engine.fonts.book()
    }

    fn main(&self) -> FileId {
        self.main.id()
    }

    fn source(&self, id: FileId) -> FileResult<Source> {
        [self.main, &self.engine.letterhead]
            .into_iter()
            .find(|source| source.id() == id)
            .cloned()
            .ok_or(FileError::NotSource)
    }

    fn file(&self, id: FileId) -> FileResult<Bytes> {
        if id == self.engine.data {
            Ok(self.data.clone())
        } else {
            Err(FileError::NotFound(id.get().vpath().get_with_slash().into()))
        }
    }

    fn font(&self, index: usize) -> Option<Font> {
        self.engine.fonts.font(index)
    }

    fn today(&self, _: Option<Duration>) -> Option<Datetime> {
        Some(self.today)
    }
}
