//! The model's numbers, in cases of a thousand unless a name says otherwise, each with what it rests on.
//!
//! Most are *plausible*: chosen so that ninety days show everything that can happen in proportions that
//! a collector would recognise. What has a public source names it. No measurement stands behind the
//! rest, and nothing may be concluded from them about real debtors.

use crate::debtor::Attitude;

/// What businesses do once they were spoken to or written often enough; the others do nothing.
/// Plausible: businesses that trade on settle more, and dispute single invoices.
pub const BUSINESS_ATTITUDES: &[(u32, Attitude)] = &[
    (170, Attitude::PaysInFull),
    (110, Attitude::PaysInPart),
    (110, Attitude::PromisesAndKeeps),
    (90, Attitude::PromisesAndBreaks),
    (90, Attitude::DisputesItem),
    (25, Attitude::DisputesAll),
    (50, Attitude::PaysCreditor),
    (25, Attitude::HiresAttorney),
    (5, Attitude::Ceases),
];

/// The same of people who owe consumer debts. Plausible, and lower: most old consumer debts are not
/// paid.
pub const CONSUMER_ATTITUDES: &[(u32, Attitude)] = &[
    (90, Attitude::PaysInFull),
    (90, Attitude::PaysInPart),
    (90, Attitude::PromisesAndKeeps),
    (110, Attitude::PromisesAndBreaks),
    (80, Attitude::DisputesAll),
    (30, Attitude::PaysCreditor),
    (20, Attitude::HiresAttorney),
    (30, Attitude::Ceases),
];

/// The contact, from the first, at which a debtor acts, at most: letters that arrived and conversations
/// count alike. Plausible.
pub const ACTS_AT_MAX: u32 = 3;

/// A telephone number that a creditor has is in use, and somebody else's. Plausible for files some
/// months old.
pub const LINE_OF_SOMEBODY_ELSE: u32 = 70;
/// A telephone number that a creditor has is in use no more. Plausible.
pub const LINE_DEAD: u32 = 80;

/// A call in the debtor's own best hours is answered. Plausible; call centres report right-party
/// contacts of one in five to one in twenty attempts over all hours.
pub const ANSWERS_IN_BEST_HOURS: u32 = 380;
/// A call at another hour is answered. Plausible.
pub const ANSWERS_OTHERWISE: u32 = 110;
/// Of the calls on a Monday that would be answered, so many are not. Plausible.
pub const MONDAY_MISSED: u32 = 150;
/// Who answers is somebody else of the household or the business. Plausible.
pub const THIRD_PARTY_ANSWERS: u32 = 120;
/// The line is busy where nobody answers. Plausible.
pub const BUSY: u32 = 40;
/// A debtor has a voicemail. Plausible.
pub const HAS_VOICEMAIL: u32 = 600;

/// A debtor does not live any more where the creditor says. About one in twelve Americans moves in a
/// year (Census Bureau, Current Population Survey, geographic mobility), and claims are placed late.
pub const MOVED: u32 = 80;
/// The post brings a letter back, of those to debtors who moved: the others are forwarded or thrown
/// away. Plausible; over all mail about one piece in twenty-five cannot be delivered as addressed
/// (United States Postal Service).
pub const RETURNED_OF_MOVED: u32 = 650;
/// An e-mail address that a creditor has does not exist any more. Plausible.
pub const EMAIL_BOUNCES: u32 = 40;

/// A person in the portfolio died. About one in a hundred Americans dies in a year (Centers for Disease
/// Control and Prevention); plausible for a file.
pub const DECEASED: u32 = 8;
/// A debtor filed for bankruptcy. Plausible: more often than others, about one in seven hundred of whom
/// files in a year (Administrative Office of the U.S. Courts).
pub const BANKRUPT: u32 = 18;
/// A person is on active duty: 1.3 million of some 260 million adults (Department of Defense).
pub const MILITARY: u32 = 5;
/// A scrub finds such a fact; the others come out when the debtor is reached. Plausible.
pub const SCRUB_FINDS: u32 = 850;

/// A trace of a debtor finds a telephone number, an address. Plausible.
pub const TRACE_FINDS_PHONE: u32 = 600;
/// See [`TRACE_FINDS_PHONE`].
pub const TRACE_FINDS_ADDRESS: u32 = 700;

/// A debtor who was reached wants no more calls. Plausible.
pub const OPTS_OUT_OF_CALLS: u32 = 30;
/// A debtor who got an e-mail wants no more of them. Plausible.
pub const OPTS_OUT_OF_EMAIL: u32 = 60;

/// A cheque or debit comes back. Plausible, and above what a bank's customer should show: returns of more
/// than fifteen in a hundred debits draw an inquiry (Nacha Operating Rules).
pub const PAYMENT_RETURNED: u32 = 60;
/// A debtor whose payment came back pays again. Plausible.
pub const PAYS_AGAIN: u32 = 500;
/// A debtor pays more than is owed. Plausible.
pub const PAYS_TOO_MUCH: u32 = 30;
/// A payment names a reference that no account has. Plausible.
pub const MISNAMES_ACCOUNT: u32 = 35;

/// A promise of one who breaks it is kept in part. Plausible.
pub const BROKEN_IN_PART: u32 = 350;
/// A debtor pays once a dispute was answered against him. Plausible.
pub const PAYS_AFTER_ANSWER: u32 = 400;

/// A creditor credits all that a debtor disputes. Plausible.
pub const CREDITOR_CREDITS: u32 = 300;
/// A creditor credits a part. Plausible.
pub const CREDITOR_CREDITS_PART: u32 = 250;
/// A creditor takes an account back in the first ninety days. Plausible.
pub const CREDITOR_RECALLS: u32 = 12;
/// A creditor asks to wait with an account. Plausible.
pub const CREDITOR_HOLDS: u32 = 12;
/// A creditor finds a credit that the debtor has. Plausible.
pub const CREDITOR_ADJUSTS: u32 = 15;
