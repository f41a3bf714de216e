//! What letters tells.

use duly_proto::{
    common::v1::Channel,
    letters::v1::{self as letters, event::Fact as Letters},
};

use super::{account, address, at, attempt, date, id, letter, party, treatment};

/// One of each kind.
pub fn facts() -> Vec<Letters> {
    vec![
        Letters::LetterPrepared(letters::LetterPrepared {
            letter_id: letter(),
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            template: "validation_notice".into(),
            template_version: 1,
            channel: Channel::Mail.into(),
            email: "robin@example.com".into(),
            address: Some(address()),
            batch_closes_at: at(3_600),
            mailing_on: date(6),
            content_sha256: "ab".repeat(32),
            pages: 2,
            mail_by: date(9),
            expires_at: at(259_200),
        }),
        Letters::LetterRefused(letters::LetterRefused {
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            template: "validation_notice".into(),
            missing: vec!["liable_party.address".into(), "current_creditor".into()],
            reason: "no address is known".into(),
        }),
        Letters::LetterMailed(letters::LetterMailed {
            letter_id: letter(),
            treatment_id: treatment(),
            attempt_id: attempt(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            template: "validation_notice".into(),
            channel: Channel::Mail.into(),
            batch_id: id("mail", 24),
            mailed_on: date(6),
            certainty: letters::Certainty::Known.into(),
            validation_period_end: date(31),
            pages: 2,
        }),
        Letters::LetterExpired(letters::LetterExpired {
            letter_id: letter(),
            treatment_id: treatment(),
            attempt_id: attempt(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            reason: "its authorisation ran out".into(),
        }),
        Letters::LetterReturned(letters::LetterReturned {
            letter_id: letter(),
            treatment_id: treatment(),
            account_id: account(),
            opening: 1,
            party_id: party(),
            reason: letters::ReturnReason::Moved.into(),
            returned_on: date(14),
        }),
    ]
}
