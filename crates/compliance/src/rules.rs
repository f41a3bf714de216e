//! The rules, one per file, and what they share.
//!
//! A rule is a plain function from the case to blocked time. Where Part 1006 binds consumer debts by law
//! and the agency binds itself to the same for natural persons on commercial debts, one file holds both:
//! `federal` under the citation, `commercial` under a policy of its own name, which cites nothing.

pub mod account_standing;
pub mod acts;
pub mod agency_hours;
mod answers;
pub mod attorney;
pub mod bankruptcy;
pub mod before_regulation_f;
pub mod call_frequency;
mod case;
pub mod cease;
pub mod client_question;
pub mod codebtor_stay;
pub mod concentration;
pub mod conversation;
pub mod cumulative;
pub mod daily;
pub mod deceased;
pub mod discharge;
pub mod disclosure_address;
pub mod disclosures;
pub mod dispute;
pub mod email_path;
pub mod employer;
pub mod employer_email;
pub mod esign;
mod findings;
pub mod inconvenient_place;
pub mod inconvenient_time;
pub mod licences;
pub mod lifted;
pub mod limits;
pub mod local_hours;
pub mod local_time;
pub mod location;
pub mod mail_cover;
mod marks;
pub mod military;
pub mod more_calls;
pub mod opt_out;
pub mod original_creditor;
pub mod place_hours;
pub mod presumption;
pub mod regulator_letter;
pub mod scra_rate;
pub mod social;
pub mod states;
pub mod tcpa;
pub mod text_path;
pub mod third_party;
pub mod unread;
pub mod usable_point;
pub mod validation_first;
pub mod validation_hold;
pub mod weekly;
mod window;

pub use case::{Case, Regime, Rows, ZoneList};
pub(crate) use case::{candidate_zones, debt_stops, person_stops, standing};
pub use findings::Findings;

/// A rule: reads the case, adds what it finds.
pub type Rule = fn(&Case<'_>, &mut Findings);

/// `federal@0`: the time before Regulation F. What the statute alone asked for consumer debts is not
/// written, and is held; title 11 and 47 USC 227 are for all.
pub const FEDERAL_0: &[Rule] = &[
    bankruptcy::federal,
    codebtor_stay::federal,
    discharge::federal,
    tcpa::federal,
    tcpa::reassigned::federal,
    tcpa::residential::federal,
    tcpa::confirmation::federal,
    before_regulation_f::federal,
];

/// `federal@1`: 12 CFR Part 1006 for consumer debts, title 11 and 47 USC 227 for all.
pub const FEDERAL_1: &[Rule] = &[
    bankruptcy::federal,
    codebtor_stay::federal,
    discharge::federal,
    tcpa::federal,
    tcpa::reassigned::federal,
    tcpa::residential::federal,
    tcpa::voicemail::federal,
    tcpa::confirmation::federal,
    cease::federal,
    attorney::federal,
    dispute::federal,
    original_creditor::federal,
    opt_out::federal,
    disclosure_address::federal,
    esign::federal,
    employer::federal,
    inconvenient_place::federal,
    inconvenient_time::federal,
    third_party::federal,
    location::federal,
    email_path::federal,
    text_path::federal,
    employer_email::federal,
    social::federal,
    cumulative::federal,
    conversation::federal,
    call_frequency::federal,
    local_hours::federal,
    disclosures::federal,
    mail_cover::federal,
];

/// `commercial@1`: what the agency asks of itself on commercial debts. Stops stand for every debtor;
/// hours and frequency for natural persons.
pub const COMMERCIAL_1: &[Rule] = &[
    cease::commercial,
    attorney::commercial,
    dispute::commercial,
    opt_out::commercial,
    employer::commercial,
    inconvenient_place::commercial,
    inconvenient_time::commercial,
    conversation::commercial,
    call_frequency::commercial,
    local_hours::commercial,
    disclosures::commercial,
];

/// `licence@1`: the agency's licences in the places where the person may be.
pub const LICENCE_1: &[Rule] = &[licences::agency];

/// `agency@1`: what the agency asks of itself on every debt.
pub const AGENCY_1: &[Rule] = &[
    account_standing::agency,
    deceased::agency,
    military::agency,
    scra_rate::agency,
    regulator_letter::agency,
    client_question::agency,
    limits::agency,
    usable_point::agency,
    unread::agency,
    validation_hold::agency,
    validation_first::agency,
    agency_hours::agency,
    concentration::agency,
];
