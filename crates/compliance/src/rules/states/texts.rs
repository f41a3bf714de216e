//! Texts that a state or a city asks for. The guard lists them, with the citation; the words are in the
//! letters, and a place that is not listed here was not researched, which letters refuse by themselves.
//!
//! A letter carries the texts of the state and city of its address; where that names none, and in every other
//! medium, those of every place in which the person may be.

use duly_domain::UsState;

use crate::blocked::{Ground, Required};
use crate::facts::{Account, City};
use crate::medium::Medium;
use crate::rules::{Case, Findings, Regime};

use super::{ca, state};

/// When a text is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum When {
    /// In the first written communication about the debt.
    FirstWritten,
    /// In each written or digital communication.
    EachWritten,
    /// In each communication.
    Each,
    /// In the first written communication, on a debt that was, or may have been, charged off.
    FirstWrittenChargedOff,
}

/// For which debts a text is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum For {
    /// Consumer debts.
    Consumers,
    /// Consumer debts and covered commercial debt: California's "covered debt".
    CoveredDebt,
    /// Every debt.
    Everyone,
}

/// A text, where it is due, and why. A ground that nobody verified is shown and binds nobody.
#[derive(Debug, Clone, Copy)]
pub struct Text {
    /// The code of [`Required::StateText`].
    pub code: &'static str,
    /// The state.
    pub state: UsState,
    /// The city, where it is the city's.
    pub city: Option<City>,
    /// When.
    pub when: When,
    /// For which debts.
    pub whose: For,
    /// By which authority.
    pub ground: Ground,
}

const RULE: &str = "state_text";

const fn law(code: &'static str, of: &str, when: When, authority: &'static str) -> Text {
    let ground = Ground::law(RULE, authority);
    Text { code, state: state(of), city: None, when, whose: For::Consumers, ground }
}

const fn unverified(code: &'static str, of: &str, when: When, authority: &'static str) -> Text {
    Text { ground: Ground::unverified(RULE, authority), ..law(code, of, when, authority) }
}

const fn of_the_city(text: Text) -> Text {
    Text { city: Some(City::NewYork), ..text }
}

const fn whose(whose: For, text: Text) -> Text {
    Text { whose, ..text }
}

use When::{Each, EachWritten, FirstWritten, FirstWrittenChargedOff};

/// Every text of the research.
pub static TEXTS: [Text; 29] = [
    law("ca_1", "CA", FirstWritten, "Cal. Civ. Code 1812.700(a), (b)"),
    whose(For::CoveredDebt, law("ca_3", "CA", EachWritten, "Cal. Civ. Code 1788.11(b), (f)")),
    whose(
        For::CoveredDebt,
        law("ca_4_if_time_barred", "CA", EachWritten, "Cal. Civ. Code 1788.14(d)"),
    ),
    unverified("ca_5", "CA", FirstWritten, "unverified state.ca.credit_counseling"),
    law("co_1", "CO", FirstWritten, "C.R.S. 5-16-105(3)"),
    law("co_2", "CO", FirstWritten, "C.R.S. 5-16-105(3)"),
    law("co_3", "CO", EachWritten, "C.R.S. 5-16-123(1)(b)"),
    law("ma_1", "MA", FirstWritten, "209 CMR 18.16(1)"),
    law("ma_2", "MA", Each, "209 CMR 18.13"),
    unverified("ma_if_time_barred", "MA", EachWritten, "unverified state.ma.time_barred_notice"),
    law("ny_1", "NY", FirstWritten, "23 NYCRR 1.2(a)(1)"),
    law("ny_2", "NY", FirstWritten, "23 NYCRR 1.2(a)(2)"),
    law("ny_3_if_charged_off", "NY", FirstWrittenChargedOff, "23 NYCRR 1.2(b)"),
    law("ny_4_before_payment_if_time_barred", "NY", EachWritten, "23 NYCRR 1.3"),
    of_the_city(law("nyc_1", "NY", Each, "N.Y.C. Admin. Code 20-493.1(a)")),
    of_the_city(unverified("nyc_2", "NY", FirstWritten, "unverified city.nyc.languages")),
    of_the_city(unverified("nyc_3", "NY", EachWritten, "unverified city.nyc.licence_number")),
    of_the_city(unverified(
        "nyc_if_time_barred",
        "NY",
        EachWritten,
        "unverified city.nyc.time_barred_notice",
    )),
    law("wi", "WI", FirstWritten, "Wis. Adm. Code DFI-Bkg 74.13"),
    unverified("tn", "TN", EachWritten, "unverified state.tn.licence_text"),
    law("mn_1", "MN", EachWritten, "Minn. Stat. 332.37"),
    law("mn_2", "MN", FirstWritten, "Minn. Stat. 332.365"),
    whose(For::Everyone, unverified("nc", "NC", EachWritten, "unverified state.nc.permit_number")),
    law("tx_if_bought_and_time_barred", "TX", FirstWritten, "Tex. Fin. Code 392.307"),
    whose(For::Everyone, unverified("wa", "WA", FirstWritten, "unverified state.wa.first_notice")),
    law("dc_if_charged_off", "DC", FirstWrittenChargedOff, "D.C. Code 28-3814(m)"),
    unverified("ct_if_time_barred", "CT", EachWritten, "unverified state.ct.time_barred_notice"),
    unverified("nm_if_time_barred", "NM", EachWritten, "unverified state.nm.time_barred_notice"),
    unverified("wv_if_time_barred", "WV", EachWritten, "unverified state.wv.time_barred_notice"),
];

/// Whether it is in writing.
const fn is_written(medium: Medium) -> bool {
    match medium {
        Medium::Text | Medium::Email | Medium::Mail | Medium::Portal | Medium::Social => true,
        Medium::Call | Medium::SocialPublic | Medium::Visit => false,
    }
}

/// Requires the texts of a place.
fn texts(case: &Case<'_>, of: UsState, city: Option<City>, out: &mut Findings) {
    let point = case.proposed.point.and_then(|id| case.facts.point(id));
    let address = point.filter(|_| case.proposed.medium == Medium::Mail).and_then(|at| at.region);
    if address.is_some_and(|region| region.state != of || (city.is_some() && region.city != city)) {
        return;
    }
    let written = is_written(case.proposed.medium);
    for text in TEXTS.iter().filter(|text| text.state == of && text.city == city) {
        let due = |(regime, row): &(Regime, &Account)| {
            let whose = match text.whose {
                For::Consumers => *regime == Regime::Consumer,
                For::CoveredDebt => {
                    *regime == Regime::Consumer || ca::may_be_covered(*regime, &row.claim)
                }
                For::Everyone => true,
            };
            let first = written && row.first_written_at.is_none();
            whose
                && match text.when {
                    Each => true,
                    EachWritten => written,
                    FirstWritten => first,
                    FirstWrittenChargedOff => first && row.claim.charged_off != Some(false),
                }
        };
        if case.rows.iter().any(due) {
            out.require(Required::StateText(text.code), &text.ground);
        }
    }
}

/// Declares the rule of each place.
macro_rules! places {
    ($($(#[$doc:meta])* $name:ident: $code:literal, $city:expr;)*) => {
        $($(#[$doc])* pub fn $name(case: &Case<'_>, out: &mut Findings) {
            texts(case, const { state($code) }, $city, out);
        })*
    };
}

places! {
    /// California.
    ca: "CA", None;
    /// Colorado.
    co: "CO", None;
    /// Connecticut.
    ct: "CT", None;
    /// Massachusetts.
    ma: "MA", None;
    /// Minnesota.
    mn: "MN", None;
    /// North Carolina.
    nc: "NC", None;
    /// New Mexico.
    nm: "NM", None;
    /// New York State.
    ny: "NY", None;
    /// New York City.
    nyc: "NY", Some(City::NewYork);
    /// Tennessee.
    tn: "TN", None;
    /// Texas.
    tx: "TX", None;
    /// Washington.
    wa: "WA", None;
    /// Wisconsin.
    wi: "WI", None;
    /// West Virginia.
    wv: "WV", None;
}

/// The District's, and in each electronic message there the way to opt out (28-3814(d)(4)(B)).
pub fn dc(case: &Case<'_>, out: &mut Findings) {
    static OPT_OUT: Ground = Ground::law("opt_out_line", "D.C. Code 28-3814(d)(4)(B)");
    texts(case, const { state("DC") }, None, out);
    let message = matches!(case.proposed.medium, Medium::Text | Medium::Email | Medium::Social);
    if message && case.any(Regime::Consumer) {
        out.require(Required::OptOutLine, &OPT_OUT);
    }
}

#[cfg(test)]
mod tests;
