//! Rows as the wire shows them.

use duly_domain::{AddressParts, Id, id};
use duly_proto::{common::v1 as common, convert, letters::v1 as wire};

use crate::store::{batch::Batch, letter};

/// Bytes as lower-case hex.
pub(crate) fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

pub(crate) fn address(address: AddressParts) -> common::Address {
    common::Address {
        lines: address.lines,
        city: address.city,
        region: address.region,
        postal_code: address.postal_code,
        country: address.country,
    }
}

pub(crate) fn letter(letter: &letter::Letter) -> wire::Letter {
    wire::Letter {
        letter_id: Id::<id::Letter>::from_uuid(letter.letter_id).to_string(),
        treatment_id: Id::<id::Treatment>::from_uuid(letter.treatment_id).to_string(),
        account_id: Id::<id::Account>::from_uuid(letter.account_id).to_string(),
        client_id: Id::<id::Client>::from_uuid(letter.client_id).to_string(),
        party_id: Id::<id::Party>::from_uuid(letter.party_id).to_string(),
        template: letter.template.clone(),
        template_version: letter.template_version,
        channel: common::Channel::from(letter.channel).into(),
        state: wire::LetterState::from(letter.state).into(),
        mailing_on: Some(convert::date_to_wire(letter.mailing_on)),
        mailed_on: letter.mailed_on.map(convert::date_to_wire),
        batch_id: letter
            .batch_id
            .map(|batch| Id::<id::MailBatch>::from_uuid(batch).to_string())
            .unwrap_or_default(),
        content_sha256: hex(&letter.content_sha256),
        pages: letter.pages,
        file_name: letter.file_name.clone(),
        validation_period_end: letter.validation_period_end.map(convert::date_to_wire),
        why: letter.why.clone(),
    }
}

pub(crate) fn batch(batch: &Batch) -> wire::Batch {
    wire::Batch {
        batch_id: Id::<id::MailBatch>::from_uuid(batch.batch_id).to_string(),
        channel: common::Channel::from(batch.channel).into(),
        mailing_on: Some(convert::date_to_wire(batch.mailing_on)),
        letters: batch.letters,
        pages: batch.pages,
        sealed_at: Some(convert::timestamp(batch.sealed_at)),
        handed_over_at: batch.handed_over_at.map(convert::timestamp),
        confirmed_on: batch.confirmed_on.map(convert::date_to_wire),
        folder: batch.folder.clone(),
    }
}
