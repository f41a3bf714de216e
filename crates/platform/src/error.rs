//! What a caller learns of a failure: one [`Kind`], one stable reason, and the fields at fault.
//!
//! Each module has its own error enum with variants that a caller would branch on; its [`Failure`]
//! says which kind each is. [`Refusal`] carries any of them through a unit of work, and [`status`]
//! alone knows gRPC. What went wrong inside stays inside: an internal failure answers with an error
//! id, and its chain is logged once with that id. A broken database anywhere in the chain is told as
//! such, because trying again helps.

mod status;

use std::{error::Error, fmt};

use tonic::Code;

pub use status::{from_transport, reason_of, status, to_status, violations_of};

/// Kinds of failure that a transport knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Kind {
    /// The request itself is wrong, whatever the state.
    InvalidInput,
    /// What it names does not exist, or not for this caller.
    NotFound,
    /// What it names is too young to be known here: try again.
    NotYet,
    /// Something else already stands under this key.
    Conflict,
    /// The caller may not.
    Denied,
    /// Nobody knows who the caller is.
    Unauthenticated,
    /// Right request, wrong state: a precondition does not hold.
    Failed,
    /// More than is taken at once.
    TooLarge,
    /// Not now: something that we need does not answer.
    Unavailable,
    /// Our own fault.
    Internal,
}

impl Kind {
    /// The gRPC code. A conflict is `ALREADY_EXISTS`, not `ABORTED`: callers' retry policies repeat
    /// what was aborted, and repeating a conflict never helps.
    #[must_use]
    pub fn code(self) -> Code {
        match self {
            Self::InvalidInput => Code::InvalidArgument,
            Self::NotFound => Code::NotFound,
            Self::NotYet | Self::Unavailable => Code::Unavailable,
            Self::Conflict => Code::AlreadyExists,
            Self::Denied => Code::PermissionDenied,
            Self::Unauthenticated => Code::Unauthenticated,
            Self::Failed => Code::FailedPrecondition,
            Self::TooLarge => Code::ResourceExhausted,
            Self::Internal => Code::Internal,
        }
    }
}

/// One field at fault, and why. Never its value: it may be personal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Violation {
    /// Path from the request's root, `items[3].amount`.
    pub field: String,
    /// What is wrong and what would be right.
    pub reason: String,
}

impl Violation {
    /// A field and what is wrong with it.
    pub fn new(field: impl Into<String>, reason: impl Into<String>) -> Self {
        Self { field: field.into(), reason: reason.into() }
    }
}

/// An error that says what a caller may know of it.
///
/// Its `Display` is shown to callers unless the kind is [`Kind::Internal`]. Errors of the database
/// belong in `source()` (`#[source]` or `#[from]`, not `#[error(transparent)]`), where a lost
/// connection is found.
pub trait Failure: Error + Send + Sync + 'static {
    /// Which kind it is.
    fn kind(&self) -> Kind;

    /// Stable, snake case, for programs: `duplicate_reference`.
    fn reason(&self) -> &'static str;

    /// The fields at fault.
    fn violations(&self) -> Vec<Violation> {
        Vec::new()
    }
}

impl Failure for duly_proto::convert::Misfit {
    fn kind(&self) -> Kind {
        Kind::InvalidInput
    }

    fn reason(&self) -> &'static str {
        "invalid_input"
    }

    fn violations(&self) -> Vec<Violation> {
        vec![Violation::new(&*self.field, &*self.reason)]
    }
}

impl Failure for sqlx::Error {
    fn kind(&self) -> Kind {
        if status::database_trouble(self).is_some() { Kind::Unavailable } else { Kind::Internal }
    }

    fn reason(&self) -> &'static str {
        status::database_trouble(self).map_or("internal", |(reason, _)| reason)
    }
}

/// Any [`Failure`], boxed: what a unit of work returns. `?` makes it of every failure, and gRPC
/// makes a `Status` of it.
pub struct Refusal(Box<dyn Failure>);

impl Refusal {
    /// A failure that needs no type of its own.
    pub fn new(kind: Kind, reason: &'static str, message: impl Into<String>) -> Self {
        Self(Box::new(Plain { kind, reason, message: message.into(), violations: Vec::new() }))
    }

    /// A request with fields at fault: reason `invalid_input`.
    #[must_use]
    pub fn invalid(violations: Vec<Violation>) -> Self {
        let message = match violations.as_slice() {
            [one] => format!("{}: {}", one.field, one.reason),
            many => format!("{} fields are at fault", many.len()),
        };
        let (kind, reason) = (Kind::InvalidInput, "invalid_input");
        Self(Box::new(Plain { kind, reason, message, violations }))
    }

    /// Our own fault, of which the caller sees an error id and nothing else.
    pub fn internal(source: impl Into<Box<dyn Error + Send + Sync>>) -> Self {
        Self(Box::new(Broken(source.into())))
    }

    /// The failure itself.
    #[must_use]
    pub fn failure(&self) -> &dyn Failure {
        &*self.0
    }

    /// Which kind it is.
    #[must_use]
    pub fn kind(&self) -> Kind {
        self.0.kind()
    }

    /// Its stable reason.
    #[must_use]
    pub fn reason(&self) -> &'static str {
        self.0.reason()
    }

    /// The database's error, where one caused it.
    #[must_use]
    pub fn database(&self) -> Option<&sqlx::Error> {
        find(self.as_error())
    }

    /// The module's own error, where it is of this type.
    #[must_use]
    pub fn is<E: Failure>(&self) -> Option<&E> {
        self.as_error().downcast_ref()
    }

    fn as_error(&self) -> &(dyn Error + 'static) {
        &*self.0
    }
}

impl<F: Failure> From<F> for Refusal {
    fn from(failure: F) -> Self {
        Self(Box::new(failure))
    }
}

/// The chain in words: a database error's own `Debug` quotes the row that it refused.
impl fmt::Debug for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Refusal({}: {})", self.reason(), chain(self))
    }
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&self.0, f)
    }
}

impl Error for Refusal {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.0.source()
    }
}

impl From<Refusal> for tonic::Status {
    fn from(refusal: Refusal) -> Self {
        status(refusal.failure())
    }
}

#[derive(Debug, thiserror::Error)]
#[error("{message}")]
struct Plain {
    kind: Kind,
    reason: &'static str,
    message: String,
    violations: Vec<Violation>,
}

impl Failure for Plain {
    fn kind(&self) -> Kind {
        self.kind
    }

    fn reason(&self) -> &'static str {
        self.reason
    }

    fn violations(&self) -> Vec<Violation> {
        self.violations.clone()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("internal failure")]
struct Broken(#[source] Box<dyn Error + Send + Sync>);

impl Failure for Broken {
    fn kind(&self) -> Kind {
        Kind::Internal
    }

    fn reason(&self) -> &'static str {
        "internal"
    }
}

/// An error and all its sources in one line, outermost first. A source whose words the one before
/// already ends with is not repeated. What a database quotes of its rows is left out.
#[must_use]
pub fn chain(error: &(dyn Error + 'static)) -> String {
    let quoted = find::<sqlx::Error>(error).and_then(quoted);
    let mut text = error.to_string();
    let mut next = error.source();
    while let Some(source) = next {
        let words = source.to_string();
        if !text.ends_with(&words) {
            text.push_str(": ");
            text.push_str(&words);
        }
        next = source.source();
    }
    match quoted {
        Some(value) => text.replace(&value, "[redacted]"),
        None => text,
    }
}

/// The value in the message of a data exception, `invalid input syntax for type date: "078-05-1120"`.
/// All other classes quote names only, and their values stand in the detail, which is never shown.
fn quoted(error: &sqlx::Error) -> Option<String> {
    let error = error.as_database_error()?;
    if !error.code()?.starts_with("22") {
        return None;
    }
    let (first, last) = (error.message().find('"')?, error.message().rfind('"')?);
    error.message().get(first..=last).map(str::to_owned)
}

/// The first error of this type in the chain, itself included. A [`Refusal`] is no link of its own:
/// what it carries is looked at too.
pub(crate) fn find<'a, E: Error + 'static>(error: &'a (dyn Error + 'static)) -> Option<&'a E> {
    let mut next = Some(error);
    while let Some(error) = next {
        let carried = error.downcast_ref::<Refusal>().map(Refusal::as_error);
        if let Some(found) = error.downcast_ref().or_else(|| carried.and_then(find)) {
            return Some(found);
        }
        next = error.source();
    }
    None
}

#[cfg(test)]
mod tests;
