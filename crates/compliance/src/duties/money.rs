//! Money that is held for clients (state-overlays 2c): when it is deposited, and what nobody cashed.
//!
//! The trust statutes bind where the agency sits, some of them where the client or the debtor does: each
//! row reaches the accounts of an agency that is licensed in its state. Elsewhere the agency's own day
//! holds, which is the earliest of all.

use duly_domain::Force;

use super::definition::{Debts, Duty, LAW, POLICY, Reach, Term, UNVERIFIED};
use super::history::Sign::Told;
use crate::facts::EventKind as E;

/// Policy: where no text says otherwise, and everywhere as it is the earliest.
const NEXT_BUSINESS_DAY: u32 = 1;
/// RCW 19.16.240: days after posting to the books; a licensee in the state.
const WA_DAYS_AFTER_POSTING: u64 = 10;
/// MCL 339.909: banking days after receipt.
const MI_BANKING_DAYS: u32 = 3;
/// A.A.C. R20-4-1504: "close of business on the third business day".
const AZ_BUSINESS_DAYS: u32 = 3;
/// 205 ILCS 740/8c: business days after posting.
const IL_BUSINESS_DAYS_AFTER_POSTING: u32 = 5;
/// G.S. 58-70-65: banking days after receipt.
const NC_BANKING_DAYS: u32 = 2;
/// Unverified, look up A.R.S. 44-307: years until unclaimed money is reported.
const AZ_UNCLAIMED_YEARS: u32 = 3;

/// Deposits and unclaimed money.
pub const TRUST: &[Duty] = &[
    Duty {
        code: "deposit",
        what: "money that is received for a client is in the trust account on the next business day",
        met: "the bank credits the trust account",
        authority: "policy trust.deposit",
        opens: &[Told(E::MoneyReceived)],
        term: Term::BusinessDays(NEXT_BUSINESS_DAY),
        met_by: &[Told(E::TrustDeposited)],
        each: true,
        ..POLICY
    },
    Duty {
        code: "deposit.wa",
        what: "in Washington a licensee deposits client money within ten days of posting it",
        authority: "RCW 19.16.240",
        reach: Reach::Licensed("WA"),
        opens: &[Told(E::MoneyPosted)],
        term: Term::Days(WA_DAYS_AFTER_POSTING),
        ..DEPOSIT
    },
    Duty {
        code: "deposit.mi",
        what: "in Michigan client money is deposited within three banking days",
        authority: "MCL 339.909",
        reach: Reach::Licensed("MI"),
        term: Term::BusinessDays(MI_BANKING_DAYS),
        ..DEPOSIT
    },
    Duty {
        code: "deposit.az",
        what: "in Arizona client money is deposited by the close of the third business day",
        authority: "A.A.C. R20-4-1504",
        reach: Reach::Licensed("AZ"),
        term: Term::BusinessDays(AZ_BUSINESS_DAYS),
        ..DEPOSIT
    },
    Duty {
        code: "deposit.il",
        what: "in Illinois client money is deposited within five business days of posting it",
        authority: "205 ILCS 740/8c",
        reach: Reach::Licensed("IL"),
        opens: &[Told(E::MoneyPosted)],
        term: Term::BusinessDays(IL_BUSINESS_DAYS_AFTER_POSTING),
        ..DEPOSIT
    },
    Duty {
        code: "deposit.nc",
        what: "in North Carolina client money is deposited within two banking days",
        authority: "N.C.G.S. 58-70-65",
        reach: Reach::Licensed("NC"),
        term: Term::BusinessDays(NC_BANKING_DAYS),
        ..DEPOSIT
    },
    Duty {
        code: "unclaimed",
        what: "a remittance or refund that nobody cashes is looked after and reported as unclaimed",
        met: "it is reported",
        authority: "unverified unclaimed",
        debts: Debts::All,
        opens: &[Told(E::ChequeUncashed)],
        term: Term::NoDay,
        met_by: &[Told(E::UnclaimedReported)],
        each: true,
        ..UNVERIFIED
    },
    Duty {
        code: "unclaimed.az",
        what: "in Arizona a remittance or refund that nobody cashes is reported after three years",
        met: "it is reported",
        authority: "unverified unclaimed.az",
        debts: Debts::All,
        reach: Reach::Licensed("AZ"),
        opens: &[Told(E::ChequeUncashed)],
        term: Term::Years(AZ_UNCLAIMED_YEARS),
        met_by: &[Told(E::UnclaimedReported)],
        each: true,
        ..UNVERIFIED
    },
];

const DEPOSIT: Duty = Duty {
    met: "the bank credits the trust account",
    force: Force::Law,
    debts: Debts::All,
    opens: &[Told(E::MoneyReceived)],
    met_by: &[Told(E::TrustDeposited)],
    each: true,
    ..LAW
};
