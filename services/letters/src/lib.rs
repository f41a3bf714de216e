//! Letters: what a creditor's claim states becomes a PDF, waits for its authorisation, leaves in a batch
//! with the mail house or as e-mail, and may come back.
//!
//! It owns the prepared pieces, the sealed batches and their deliveries, and tells LetterPrepared,
//! LetterRefused, LetterMailed, LetterExpired and LetterReturned. Nothing leaves that contact has not
//! authorised: the last look at stops, disputes and ends here is only a second one. Typesetting is a value
//! that it is given ([`Typesetter`]); whom it writes to and when is not decided here.

mod calendar;
mod carrier;
mod compose;
mod conclude_letters;
mod config;
mod digest;
mod error;
mod events;
mod gather_facts;
mod grpc;
mod hand_over_print;
mod look_up;
mod mark_mailed;
mod prepare_letters;
mod preview_letter;
mod record_returned;
mod seal_batches;
mod send_email;
mod settings;
mod store;
mod typesetter;
mod wire;

use std::sync::Arc;

use duly_platform::{Access, DueWork, Role, Service, State};
use sqlx::migrate::Migrator;

pub use calendar::{demand_mail_by, demand_pay_by, notice_mail_by, validation_period_end};
pub use carrier::Promise;
pub use config::{Config, InvalidSmtpUrl, SmtpUrl};
pub use typesetter::{Template, Typeset, TypesetError, Typesetter};

static MIGRATOR: Migrator = sqlx::migrate!();

const READ: &[Role] = &Role::ALL;
const HOUSE: &[Role] = &[
    Role::Collector,
    Role::Compliance,
    Role::Accounting,
    Role::Manager,
    Role::Admin,
    Role::Service,
];
const RETURNS: &[Role] =
    &[Role::Collector, Role::Compliance, Role::Manager, Role::Admin, Role::Service];
const BATCHES: &[Role] = &[Role::Manager, Role::Admin, Role::Service];

const ACCESS: &[Access] = &[
    Access { method: "duly.letters.v1.LettersService/PreviewLetter", roles: HOUSE },
    Access { method: "duly.letters.v1.LettersService/GetLetter", roles: READ },
    Access { method: "duly.letters.v1.LettersService/GetLetterPdf", roles: READ },
    Access { method: "duly.letters.v1.LettersService/ListLetters", roles: READ },
    Access { method: "duly.letters.v1.LettersService/ListBatches", roles: HOUSE },
    Access { method: "duly.letters.v1.LettersService/MarkMailed", roles: BATCHES },
    Access { method: "duly.letters.v1.LettersService/RecordReturned", roles: RETURNS },
    Access { method: "duly.letters.v1.LettersService/CountLetters", roles: READ },
];

/// The service as the composition root runs it, with its settings and what typesets its letters.
#[must_use]
pub fn service(config: Config, typesetter: Arc<dyn Typesetter>) -> Service {
    Service {
        name: "letters",
        migrator: &MIGRATOR,
        shared: duly_standing::SHARED,
        append_only: &[
            "account",
            "account_party",
            "account_end",
            "account_money",
            "account_hold",
            "account_hold_lifted",
            "claim",
            "claim_item",
            "found_point",
            "stop",
            "stop_lifted",
            "dispute",
            "dispute_resolved",
            "document",
        ],
        access: ACCESS,
        tells: &[
            "letter_prepared",
            "letter_refused",
            "letter_mailed",
            "letter_expired",
            "letter_returned",
        ],
        listeners: events::listeners(),
        due: vec![DueWork::new(seal_batches::QUEUE, |tx, due| {
            Box::pin(async move { Ok(seal_batches::seal_due(tx, due).await?) })
        })],
        outside: vec![prepare_letters::work(), hand_over_print::work(), send_email::work()],
        state: State::of(settings::Settings::new(config, typesetter)),
        routes: grpc::routes,
        http: None,
        digest: digest::DIGEST,
    }
}
