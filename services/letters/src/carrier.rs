//! Who takes letters out of the house, and what each can promise about taking one twice.

mod print_folder;
mod smtp;

pub(crate) use print_folder::PrintFolder;
pub(crate) use smtp::Smtp;

use chrono::{DateTime, TimeDelta, Utc};
use duly_domain::{AddressParts, Email};
use duly_platform::BoxFuture;

/// How long a carrier that could not take something is left alone, in business time. No tick: handing
/// over what is authorised is no decision, and an authorisation lasts for two ticks only.
pub(crate) const TRY_AGAIN_AFTER: TimeDelta = TimeDelta::minutes(1);

/// What a carrier can promise where a hand-over was cut off and nobody knows how far it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Promise {
    /// The other side takes the same key once: it is handed over again.
    Keyed,
    /// The same bytes under the same name are the same piece: it is handed over again.
    ContentNamed,
    /// A second hand-over would be a second piece: it is recorded as unknown and never made again by
    /// itself.
    AtMostOnce,
}

impl Promise {
    /// Whether a hand-over that was cut off may be made again.
    #[must_use]
    pub fn bears_repetition(self) -> bool {
        match self {
            Self::Keyed | Self::ContentNamed => true,
            Self::AtMostOnce => false,
        }
    }
}

/// One piece as a carrier gets it.
pub(crate) struct Piece {
    pub letter_id: String,
    pub template: String,
    pub reference: String,
    pub creditor: String,
    pub recipient: String,
    pub address: Option<AddressParts>,
    pub email: Option<Email>,
    pub file_name: String,
    pub pages: i32,
    pub pdf: Vec<u8>,
}

/// What is handed over at once: a batch of letters, or one message.
pub(crate) struct Consignment {
    /// Names it at the carrier: the same for the same consignment.
    pub name: String,
    /// When it was begun, in business time.
    pub at: DateTime<Utc>,
    pub pieces: Vec<Piece>,
}

/// What came of a hand-over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum HandOver {
    /// The carrier has it.
    Taken,
    /// The carrier does not take it, for good; it has nothing.
    Refused(String),
    /// The carrier did not take it now; it has nothing.
    NotNow(String),
    /// Nobody knows whether the carrier has it.
    Unknown(String),
}

/// One who takes letters.
pub(crate) trait Carrier: Send + Sync {
    fn promise(&self) -> Promise;

    /// Hands it over. What goes wrong is part of the answer, in words without personal data.
    fn hand_over<'a>(&'a self, consignment: &'a Consignment) -> BoxFuture<'a, HandOver>;
}
