//! What may be told of a timeline: each word, its keys, and what it makes of the facts.

use duly_compliance::{EventKind, Medium};

use crate::scene::Told;
use crate::words::{Bad, Obj};
use crate::world::World;

mod apply;
mod compose;
mod contact;
mod people;
mod wish;

pub use apply::{Form, dispute};
pub use contact::{RESULTS, outcome};
pub use people::{named, people, person};
pub use wish::{opt_out, wish};

/// What an event does to the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Does {
    /// A call of ours.
    Call,
    /// A message of ours.
    Sent(Medium),
    /// Advertising of ours.
    Marketing,
    /// A contact that the person began.
    Received(Medium),
    /// A session that the person opened.
    SessionStarted,
    /// Its end.
    SessionEnded,
    /// A wish, or anything else that the person or somebody about it says.
    Says,
    /// The same in the client's file.
    Placement,
    /// A request not to use a medium, number or address.
    OptOut,
    /// Its end, or that of a designation.
    Lifted,
    /// A consent.
    Consent,
    /// Its end.
    ConsentEnds,
    /// A written refusal to pay or request to cease.
    Cease,
    /// The consumer posted it; it has not come yet.
    CeasePosted,
    /// A stop of this kind.
    Stop(duly_domain::StopKind),
    /// Its end.
    StopEnds(duly_domain::StopKind),
    /// A dispute.
    Dispute,
    /// An answer to a dispute.
    Answered(&'static str),
    /// A validation notice.
    Validation(Medium),
    /// A dated fact about every debt, by its code.
    Fact(&'static str),
    /// A dated fact about a number or address, by its code.
    PointFact(&'static str),
    /// A number or address is somebody else's.
    Wrong,
    /// Something came back.
    Undeliverable,
    /// Something that another collector or the creditor did with an address.
    Others,
    /// The debt went back, or to somebody else.
    Returned,
    /// Told, and read by classifications only.
    Known,
}

/// A kind of event: a row of the table, or a dated fact of the guard by its own code.
#[derive(Debug, Clone, Copy)]
pub struct Kind {
    word: &'static str,
    does: Does,
    keys: &'static str,
}

#[derive(Debug)]
struct Row {
    words: &'static [&'static str],
    does: Does,
    keys: &'static str,
}

impl Kind {
    /// The kind of this word, or of one that says the same.
    pub fn read(word: &str) -> Option<Self> {
        if let Some(kind) = Self::of(word) {
            return Some(kind);
        }
        let known: Vec<&str> = Self::words().collect();
        let same = crate::synonym::of_event(word, &known.iter().copied());
        let same = same.or_else(|| compose::composed(word))?;
        Self::of(same)
    }

    /// The kind of this very word.
    pub fn of(word: &str) -> Option<Self> {
        if let Some(row) = ROWS.iter().find(|row| row.words.contains(&word)) {
            return Some(Self { word: row.words[0], does: row.does, keys: row.keys });
        }
        let code = EventKind::ALL.iter().map(|kind| kind.as_str()).find(|code| *code == word)?;
        Some(Self { word: code, does: Does::Fact(code), keys: STATES })
    }

    /// Every word.
    pub fn words() -> impl Iterator<Item = &'static str> {
        let told = ROWS.iter().flat_map(|row| row.words.iter().copied());
        let known = |code: &&str| !ROWS.iter().any(|row| row.words.contains(code));
        told.chain(EventKind::ALL.iter().map(|kind| kind.as_str()).filter(known))
    }

    /// Its first word.
    pub fn word(self) -> &'static str {
        self.word
    }

    /// What it does.
    pub fn does(self) -> Does {
        self.does
    }

    /// Whether it is one of these words.
    pub fn is(self, words: &[&str]) -> bool {
        words.contains(&self.word)
    }
}

/// Keys of every event.
const EVERY: &str = "at event dow note debts debt by from to count medium says text consumer_says clarification \
    kind about about_the_debt response address number local_time tz date initial purpose";
/// Keys of calls and messages.
const CONTACT: &str = "result solicited consent_sought consumer_initiated_topic debts_raised_by_consumer \
    topics_raised_by_consumer profile_name_accurate conveys_debt_information about_debts time_of_receipt \
    viewed_at read_at reassigned clear_and_conspicuous hyperlink_label offer expires debts_discussed discussed attributed_to counted_toward raised_by_consumer \
    consumer_raised initiated_by_consumer intended_debts content opt_out_text \
    opt_out_instruction discloses_debt_collector discloses disclosure from_number form \
    limited_content language languages in_reply automatic reply role recipient voicemail \
    duration_minutes ringless dial mentions_specific_debt contains discloses_identity profile \
    profile_accurate accurate_name address_current raised_by_collector initiated_by \
    interval_minutes viewable_by visible_to unsolicited conversation answered subject enclosed \
    monitored undeliverable includes assumed_receipt end_date reason received_at sent_at \
    requests topic names information opted_out path from_address direction calls \
    in_response_to responds_to at_inconvenient_time agreed agreement raised_by via debts_mentioned \
    opt_out opt_out_notice opt_out_line message lasted placed_by source dialed dial_mode ended \
    ended_by callback minutes_apart discloses_debt late result_note on_number \
    consumer_redirects_to consumer_declines consumer_refuses_to_discuss fee topic_changed_by \
    reminds offers consumer_asks_for identifies_self employer_named employer_requested \
    profile_accurately_identifies_individual profile_identifies_individual \
    employer_provided collector_knows_consumer_moved known_moved resent language_of_call consumer_agrees where place response_form qr_code link monitored_until";
/// Keys of consents and wishes.
const WISH: &str = "directly orally email phone confirmed convenient inconvenient scope_debts \
    disclosure_given clear_disclosure refuses consumer_refuses wants given_to scope until through expires place days between source oral channel media numbers \
    addresses other_statements disclosed_use discloses_use collector_disclosed_use during \
    withdrawn valid renewed in_writing electronic accepted_medium received_at for all asked \
    not_by emails form agent creditor_note notes file_note within_period \
    late via obtained_by disclosed_possible_use disclosure confirms number_kind signed \
    content reason refers_to debts_named collector days_after";
/// Keys of facts that state something of themselves.
const STATES: &str = "opt_out_deadline grace_period_end late_fee_controlled_by controlled_by late_fee late_fee_by \
    learned_from informed_by reported_by domain consumer_names sent_at mailed_at opt_out_period_ends \
    opt_out_form identifies_collector returned_as new_and_material_information supports deadline reply_to opt_out_method method names_collector discloses content \
    form end_date assumed_receipt court chapter result new_information material new_and_material \
    substantially_same portion amount undeliverable check_date deposit_on on for buyer recipient \
    owner role name database path includes states reasons refers_to within_period in_writing \
    employer valid reason disclosure notice opted_out assumed information supporting attachment \
    enclosed language address_current creditor received_at channel sent_to public_domain \
    employer_provided case address email given_by obtained_from used monitored new_address \
    during under grace_period_ends approved_by set_by asks email_obtained until scope \
    late via within_days complete database_name confirmed queried answer by_whom details signed \
    about_debts provided printed_end_date opted_out_by requested tells documents attachments \
    previously_provided consideration price encloses supporting_information \
    postdated days_postdated instrument evidence new_evidence supporting_documents employer_provided_known";

macro_rules! rows {
    ($($does:expr, $keys:expr => $($word:literal)+;)*) => {
        &[$(Row { words: &[$($word),+], does: $does, keys: $keys },)*]
    };
}

/// Every kind of event. The first word of a row is its name, the others say the same.
const ROWS: &[Row] = rows! {
    // Ours.
    Does::Call, CONTACT => "call_placed" "call_made" "outbound_call" "location_call_placed" "conversation";
    Does::Call, CONTACT => "voicemail_left" "voicemail_sent" "limited_content_message_left";
    Does::Call, CONTACT => "ringless_voicemail_left" "ringless_voicemail_sent" "ringless_voicemail_placed";
    Does::Sent(Medium::Text), CONTACT => "sms_sent" "text_sent" "text_message_sent";
    Does::Sent(Medium::Email), CONTACT => "email_sent" "email_auto_reply_sent" "email_reply_sent";
    Does::Sent(Medium::Mail), CONTACT => "letter_mailed" "letter_sent" "mail_sent" "postcard_sent"
        "letter_placed_in_mail";
    Does::Sent(Medium::Portal), CONTACT => "portal_message_sent" "push_sent" "push_notification_sent"
        "displayed_in_session";
    Does::Sent(Medium::Social), CONTACT => "social_private_message_sent" "social_message_sent"
        "social_contact_request_sent" "contact_request_sent";
    Does::Sent(Medium::SocialPublic), CONTACT => "social_public_post" "social_post_made" "social_public_post_made";
    Does::Sent(Medium::Visit), CONTACT => "visit_made" "in_person_visit";
    Does::Sent(Medium::Email), CONTACT => "electronic_message_sent";
    Does::Marketing, CONTACT => "marketing_sent" "advertising_sent";
    Does::Validation(Medium::Mail), CONTACT => "validation_notice_mailed" "validation_notice_sent"
        "validation_notice_provided" "validation_sent" "subsequent_validation_notice_mailed" "validation_notice_resent";
    Does::Validation(Medium::Email), CONTACT => "validation_notice_emailed";
    Does::Fact("validation_spoken"), STATES => "validation_given_orally" "validation_information_given_orally"
        "validation_spoken";
    Does::Answered("verification_sent"), STATES => "verification_sent" "judgment_copy_sent" "verification_provided";
    Does::Answered("duplicative_notice_sent"), STATES => "duplicative_notice_sent" "duplicative_dispute_notice_sent";
    Does::Fact("original_creditor_sent"), STATES => "original_creditor_sent" "original_creditor_information_sent"
        "original_creditor_provided";
    Does::Fact("spanish_sent"), STATES => "spanish_notice_sent";
    Does::Fact("estate_notice_sent"), STATES => "estate_notice_sent";
    Does::Fact("opt_out_confirmed"), CONTACT => "opt_out_confirmation_sent" "opt_out_confirmed";
    Does::Fact("postdated_accepted"), STATES => "postdated_accepted" "postdated_check_received"
        "postdated_check_accepted" "postdated_cheque_received" "check_received";
    Does::Fact("deposit_notice_sent"), STATES => "deposit_notice_sent" "intent_to_deposit_notice_sent";
    Does::Fact("instrument_deposited"), STATES => "check_deposited" "instrument_deposited" "cheque_deposited";
    Does::Fact("furnished"), STATES => "furnished" "information_furnished" "credit_reporting_furnished";
    Does::Known, STATES => "debt_transferred" "debt_sold" "debt_placed" "data_sent" "file_sent_to_vendor";
    Does::Fact("proof_of_claim_filed"), STATES => "proof_of_claim_filed";
    Does::Known, STATES => "suit_filed" "pleading_filed" "complaint_filed" "legal_pleading_served";
    Does::Fact("call_recorded"), STATES => "call_recorded" "recording_made";
    Does::Fact("collection_acted"), STATES => "collection_began" "last_collection_activity" "collection_activity";
    Does::Fact("collection_ended"), STATES => "collection_ended";
    Does::Known, STATES => "monitoring_end" "waiting_period_ends" "waiting_period_end" "monitoring_period_end" "monitoring_started" "undeliverable_monitored";
    Does::Fact("attorney_written"), STATES => "attorney_written" "letter_to_attorney_sent" "attorney_contacted";
    // The person's.
    Does::Received(Medium::Call), CONTACT => "call_received" "inbound_call" "consumer_called" "voicemail_received";
    Does::Received(Medium::Text), CONTACT => "sms_received" "text_received" "text_message_received";
    Does::Received(Medium::Email), CONTACT => "email_received";
    Does::Received(Medium::Mail), CONTACT => "letter_received" "mail_received";
    Does::Received(Medium::Portal), CONTACT => "portal_message_received";
    Does::Received(Medium::Social), CONTACT => "social_message_received";
    Does::Received(Medium::Visit), CONTACT => "visit_received";
    Does::SessionStarted, STATES => "web_session_started" "app_session_started" "session_started"
        "website_visited" "portal_session_started";
    Does::SessionEnded, STATES => "web_session_ended" "app_session_ended" "session_ended" "portal_session_ended";
    Does::Says, WISH => "preference_received" "inconvenience_stated" "consumer_statement"
        "statement_received" "consumer_said" "employer_prohibition_learned" "inconvenience_learned";
    Does::OptOut, WISH => "opt_out_received" "stop_request_received" "media_preference_received" "opt_out";
    Does::Lifted, WISH => "preference_lifted" "designation_lifted" "opt_in_received" "inconvenience_lifted";
    Does::Consent, WISH => "consent_received" "consent_given" "prior_consent_received" "consent_renewed"
        "email_provided" "address_provided" "number_provided" "email_address_provided";
    Does::ConsentEnds, WISH => "consent_withdrawn" "consent_revoked";
    Does::Cease, WISH => "cease_received" "cease_notice_received" "cease_communication_received" "refusal_received"
        "refusal_to_pay_received" "cease_request_received" "written_notice_received"
        "cease_communication_notice_received";
    Does::CeasePosted, WISH => "cease_mailed" "cease_notice_mailed" "cease_notice_sent" "cease_sent"
        "written_notice_mailed" "refusal_mailed" "cease_mailed_by_consumer" "cease_notice_mailed_by_consumer";
    Does::Stop(duly_domain::StopKind::Attorney), STATES => "attorney_notice_received" "attorney_learned"
        "representation_learned" "attorney_known";
    Does::StopEnds(duly_domain::StopKind::Attorney), STATES => "representation_ended" "attorney_withdrew"
        "no_longer_represented";
    Does::Fact("attorney_answered"), STATES => "attorney_answered" "attorney_responded";
    Does::Fact("attorney_consented"), STATES => "attorney_consented";
    Does::Stop(duly_domain::StopKind::Bankruptcy), STATES => "bankruptcy_filed" "bankruptcy_learned"
        "bankruptcy_notice_received";
    Does::StopEnds(duly_domain::StopKind::Bankruptcy), STATES => "bankruptcy_ended" "bankruptcy_dismissed"
        "bankruptcy_closed";
    Does::Fact("discharged"), STATES => "debt_discharged" "discharged" "discharge_entered";
    Does::Stop(duly_domain::StopKind::Deceased), STATES => "death_learned" "consumer_died" "death_reported";
    Does::Stop(duly_domain::StopKind::Military), STATES => "military_learned" "military_service_learned"
        "active_duty_learned";
    Does::StopEnds(duly_domain::StopKind::Military), STATES => "military_ended" "military_service_ended";
    Does::Dispute, STATES => "dispute_received" "written_dispute_received" "oral_dispute_received"
        "dispute_returned" "consumer_response_form_returned";
    Does::Fact("original_creditor_asked"), STATES => "original_creditor_requested" "original_creditor_asked"
        "original_creditor_request_received";
    Does::Fact("spanish_asked"), STATES => "spanish_notice_requested" "spanish_asked";
    Does::Fact("paid"), STATES => "debt_paid" "paid_in_full" "paid";
    Does::Fact("settled"), STATES => "debt_settled" "settled";
    Does::Fact("money_received"), STATES => "payment_received";
    Does::Known, STATES => "payment_declined" "payment_failed" "payment_plan_made" "payment_plan_entered"
        "single_payment_received" "grace_period_ends" "promise_made";
    Does::Known, STATES => "call_dropped" "call_ended_by_consumer" "information_requested" "more_information_requested";
    Does::Fact("identity_theft"), STATES => "identity_theft_notified" "identity_theft_reported"
        "identity_theft_notice_received";
    Does::Fact("court_permitted"), STATES => "court_permission_received" "court_permitted" "court_order_received";
    Does::Known, STATES => "judgment_entered" "charged_off" "account_charged_off" "litigation_started";
    // Numbers and addresses.
    Does::Wrong, STATES => "number_found_wrong" "wrong_number_learned" "wrong_number_reported" "learned_wrong"
        "address_found_wrong";
    Does::PointFact("disclosure_reported"), STATES => "report_received" "disclosure_reported"
        "third_party_disclosure_reported";
    Does::PointFact("not_reassigned"), STATES => "reassigned_check" "reassigned_number_check" "database_check"
        "database_checked" "not_reassigned";
    Does::PointFact("reassigned"), STATES => "number_reassigned" "reassigned";
    Does::PointFact("employer"), STATES => "employer_address_learned" "employer_provided_learned"
        "address_learned_employer_provided";
    Does::Undeliverable, STATES => "undeliverable_received" "undeliverable" "notice_of_undeliverability_received"
        "mail_returned" "bounce_received" "returned_undeliverable";
    Does::Known, STATES => "consumer_moved" "consumer_known_moved";
    Does::Known, STATES => "notice_actually_received" "notice_received_by_consumer" "accurate_address_obtained"
        "message_viewed" "email_viewed" "text_viewed";
    // Creditors and other collectors.
    Does::Placement, WISH => "placement_received" "debt_received";
    Does::Returned, STATES => "debt_returned" "debt_recalled";
    Does::Others, STATES => "creditor_email_sent" "creditor_used_address" "creditor_message_sent";
    Does::Others, STATES => "creditor_got_address" "creditor_email_obtained" "creditor_obtained_email";
    Does::Others, STATES => "creditor_asked_to_stop" "creditor_stop_received";
    Does::Others, STATES => "creditor_notice_sent" "opt_out_notice_sent_by_creditor";
    Does::Others, STATES => "creditor_notice_opt_out" "creditor_opt_out_received" "opt_out_notice_returned";
    Does::Others, STATES => "email_obtained" "address_obtained" "email_address_obtained";
    Does::Others, STATES => "location_asked" "location_information_received" "location_response_received";
    Does::Others, STATES => "location_invited";
    Does::Others, STATES => "location_doubted";
    Does::Fact("regulator_wrote"), STATES => "regulator_letter_received";
};

/// Calls the keys of an event by the words that are known for them.
pub fn rename_keys(map: &mut serde_json::Map<String, serde_json::Value>, kind: Kind) {
    crate::synonym::rename(map, &[EVERY, kind.keys]);
}

/// Refuses keys that this event does not have.
pub fn check_keys(obj: Obj<'_>, kind: Kind) -> Result<(), Bad> {
    obj.only(&[EVERY, kind.keys])
}

/// What the event makes of the facts.
pub fn apply(world: &mut World, told: &Told) -> Result<(), Bad> {
    match told.kind.does() {
        Does::Call => contact::call(world, told),
        Does::Sent(medium) => contact::sent(world, told, medium),
        Does::Received(medium) => contact::received(world, told, medium),
        Does::Validation(medium) => {
            contact::sent(world, told, medium)?;
            apply::validation(world, told)
        }
        Does::SessionStarted | Does::SessionEnded => contact::session(world, told),
        Does::Says | Does::Placement => wish::says(world, told),
        Does::OptOut => wish::opted_out(world, told),
        Does::Lifted => wish::lifted(world, told),
        Does::Consent => wish::consent(world, told),
        Does::ConsentEnds => wish::consent_ends(world, told),
        Does::Marketing
        | Does::Cease
        | Does::CeasePosted
        | Does::Stop(_)
        | Does::StopEnds(_)
        | Does::Dispute
        | Does::Answered(_)
        | Does::Fact(_)
        | Does::PointFact(_)
        | Does::Wrong
        | Does::Undeliverable
        | Does::Others
        | Does::Returned
        | Does::Known => apply::apply(world, told),
    }
}

/// Who is addressed by a question, and at which number or address.
pub fn addressed_in(
    world: &mut World,
    question: Obj<'_>,
    medium: Medium,
) -> Result<(duly_domain::PointId, duly_compliance::Recipient), Bad> {
    people::addressed(world, question, medium, &["to", "recipient"])
}
