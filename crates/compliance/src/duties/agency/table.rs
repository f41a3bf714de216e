//! Licences, remittances, reconciliations, reports (regulation-f 18.3).

use chrono::Datelike as _;
use duly_domain::{Date, DebtClass, Force};

use super::renewed;
use crate::duties::definition::{Due, Duty, LAW, Per, Reach, Term};
use crate::duties::history::Sign::{DayNamed, LicenceEnding, MonthEnded, Told, YearBegan};
use crate::duties::history::{Fact, Looking};
use crate::duties::part_1006::of_the_same_day;
use crate::facts::{Account, City, EventKind as E};
use crate::rules::local_time::plus;

/// RCW 19.16.210, HRS 443B-5(b), C.R.S. 5-16-123(1), NRS 649.355: thirty days after the month; elsewhere
/// policy.
const REMIT_DAYS: u64 = 30;
/// Policy: the month's reconciliation is signed within so many days after it; the texts say "monthly".
const RECONCILE_DAYS: u64 = 30;
/// A.A.C. R20-4-1504: the trust ledger is posted every five business days.
const AZ_POSTING_BUSINESS_DAYS: u32 = 5;
/// Minn. Stat. 332.365: days until a new sheet is in use.
const MN_SHEET_DAYS: u64 = 120;
/// C.R.S. 5-16-122 and 205 ILCS 740/8c: days in which a change is reported.
const CHANGE_DAYS: u64 = 30;
/// NRS 649.345: "not later than April 15".
const NV_REPORT: (u32, u32) = (4, 15);
/// A.A.C. R20-4-1520: fictitious names, twice a year.
const AZ_NAMES: [(u32, u32); 2] = [(7, 1), (12, 31)];

const AGENCY_LAW: Duty = Duty { per: Per::Agency, ..LAW };

/// A renewal by the day that [`super::renew_by`] tells.
const RENEWAL: Duty = Duty {
    what: "the licence is renewed",
    met: "a licence that lasts longer is there",
    opens: &[LicenceEnding],
    term: Term::StatedDay,
    also_met: Some(renewed),
    ..AGENCY_LAW
};

/// A month's remittance, by law.
const REMITTANCE: Duty = Duty {
    what: "a month's money is accounted for and paid to clients within thirty days after it",
    met: "statements and payments went out",
    opens: &[MonthEnded],
    term: Term::By(after_the_month),
    met_by: &[Told(E::Remitted)],
    fits: Some(of_the_same_day),
    each: true,
    ..AGENCY_LAW
};

/// A month's reconciliation; its day is policy.
const RECONCILIATION: Duty = Duty {
    what: "the trust account is reconciled every month",
    met: "the reconciliation is signed",
    day: Force::Policy,
    opens: &[MonthEnded],
    term: Term::By(reconciled_by),
    met_by: &[Told(E::TrustReconciled)],
    fits: Some(of_the_same_day),
    each: true,
    ..AGENCY_LAW
};

/// Every duty of the agency itself.
pub const AGENCY: &[Duty] = &[
    Duty {
        code: "licence",
        authority: "policy licence.renew",
        force: Force::Policy,
        day: Force::Policy,
        when: Some(elsewhere),
        ..RENEWAL
    },
    Duty { code: "licence.wa", authority: "RCW 19.16.140", when: Some(wa), ..RENEWAL },
    Duty { code: "licence.nc", authority: "N.C.G.S. 58-70-10", when: Some(nc), ..RENEWAL },
    Duty { code: "licence.fl", authority: "Fla. Stat. 559.545", when: Some(fl), ..RENEWAL },
    Duty {
        code: "licence.az",
        authority: "the page of Arizona's regulator: renewal by December 31",
        when: Some(az),
        ..RENEWAL
    },
    Duty {
        code: "licence.mn",
        authority: "unverified licence.mn",
        force: Force::Unverified,
        day: Force::Unverified,
        when: Some(mn),
        ..RENEWAL
    },
    Duty {
        code: "licence.nyc",
        authority: "unverified licence.nyc",
        force: Force::Unverified,
        day: Force::Unverified,
        when: Some(nyc),
        ..RENEWAL
    },
    Duty {
        code: "remit",
        authority: "policy trust.remit",
        force: Force::Policy,
        day: Force::Policy,
        ..REMITTANCE
    },
    Duty {
        code: "remit.wa",
        authority: "RCW 19.16.210",
        reach: Reach::Licensed("WA"),
        ..REMITTANCE
    },
    Duty {
        code: "remit.hi",
        authority: "HRS 443B-5(b)",
        reach: Reach::Licensed("HI"),
        ..REMITTANCE
    },
    Duty {
        code: "remit.co",
        authority: "C.R.S. 5-16-123(1)",
        reach: Reach::Licensed("CO"),
        ..REMITTANCE
    },
    Duty { code: "remit.nv", authority: "NRS 649.355", reach: Reach::Licensed("NV"), ..REMITTANCE },
    Duty {
        code: "reconcile.az",
        authority: "A.A.C. R20-4-1504",
        reach: Reach::Licensed("AZ"),
        ..RECONCILIATION
    },
    Duty {
        code: "reconcile.il",
        authority: "38 Ill. Adm. Code 150.120",
        reach: Reach::Licensed("IL"),
        ..RECONCILIATION
    },
    Duty {
        code: "reconcile.az_postings",
        what: "in Arizona the trust ledger is posted every five business days",
        met: "it is posted",
        authority: "A.A.C. R20-4-1504",
        reach: Reach::Licensed("AZ"),
        opens: &[Told(E::TrustLedgerPosted)],
        term: Term::BusinessDays(AZ_POSTING_BUSINESS_DAYS),
        met_by: &[Told(E::TrustLedgerPosted)],
        renews: true,
        ..AGENCY_LAW
    },
    Duty {
        code: "mn.sheet",
        what: "in Minnesota a new credit-counselling sheet of the commissioner is in use within 120 days",
        met: "the new version is in use",
        authority: "Minn. Stat. 332.365",
        reach: Reach::Licensed("MN"),
        opens: &[Told(E::MnSheetUpdated)],
        term: Term::Days(MN_SHEET_DAYS),
        met_by: &[Told(E::MnSheetInUse)],
        ..AGENCY_LAW
    },
    Duty {
        code: "report.nv",
        what: "in Nevada the shares that were not remitted for over 60 days are reported by April 15",
        met: "the report is filed",
        authority: "NRS 649.345",
        reach: Reach::Licensed("NV"),
        opens: &[YearBegan],
        term: Term::By(nv_report),
        met_by: &[Told(E::NvReportFiled)],
        ..AGENCY_LAW
    },
    Duty {
        code: "report.az_july",
        what: "in Arizona the fictitious names are filed by July 1",
        met: "they are filed",
        authority: "A.A.C. R20-4-1520",
        reach: Reach::Licensed("AZ"),
        opens: &[YearBegan],
        term: Term::By(az_july),
        met_by: &[Told(E::AzNamesFiled)],
        ..AGENCY_LAW
    },
    Duty {
        code: "report.az_december",
        what: "in Arizona the fictitious names are filed again by December 31",
        met: "they are filed, after July 1",
        authority: "A.A.C. R20-4-1520",
        reach: Reach::Licensed("AZ"),
        opens: &[YearBegan],
        term: Term::By(az_december),
        met_by: &[Told(E::AzNamesFiled)],
        fits: Some(after_july),
        ..AGENCY_LAW
    },
    Duty {
        code: "report.co",
        what: "in Colorado a change of what is on file about the agency is reported within thirty days",
        met: "it is reported",
        authority: "C.R.S. 5-16-122",
        reach: Reach::Licensed("CO"),
        opens: &[Told(E::AgencyChanged)],
        term: Term::Days(CHANGE_DAYS),
        met_by: &[Told(E::CoChangeReported)],
        ..AGENCY_LAW
    },
    Duty {
        code: "report.il",
        what: "in Illinois a change of the trust account's bank is reported within thirty days",
        met: "it is reported",
        authority: "205 ILCS 740/8c",
        reach: Reach::Licensed("IL"),
        opens: &[Told(E::DepositoryChanged)],
        term: Term::Days(CHANGE_DAYS),
        met_by: &[Told(E::IlDepositoryReported)],
        ..AGENCY_LAW
    },
    Duty {
        code: "o.tcpa_revoke_all",
        what: "before a revocation ends all automated calls and texts by law, the agency decides how it \
               complies",
        met: "the configuration is signed",
        authority: "47 CFR 64.1200(a)(10), DA 26-12",
        opens: &[DayNamed],
        term: Term::StatedDay,
        met_by: &[Told(E::RevokeAllDecided)],
        ..AGENCY_LAW
    },
];

fn in_state(fact: &Fact, code: &str) -> bool {
    fact.region.is_some_and(|region| region.city.is_none() && region.state.code() == code)
}

fn wa(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    in_state(fact, "WA")
}

fn nc(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    in_state(fact, "NC")
}

/// The commercial registration.
fn fl(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    in_state(fact, "FL") && fact.class == Some(DebtClass::Commercial)
}

fn az(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    in_state(fact, "AZ")
}

fn mn(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    in_state(fact, "MN")
}

fn nyc(_: &Looking<'_>, fact: &Fact, _: Option<&Account>) -> bool {
    fact.region.is_some_and(|region| region.city == Some(City::NewYork))
}

/// No row of its own.
fn elsewhere(look: &Looking<'_>, fact: &Fact, row: Option<&Account>) -> bool {
    ![wa, nc, fl, az, mn, nyc].iter().any(|of| of(look, fact, row))
}

fn after_the_month(look: &Looking<'_>, fact: &Fact) -> Due {
    fact.on.map_or(Due::NoDay, |last| Due::by(look, plus(last, REMIT_DAYS)))
}

fn reconciled_by(look: &Looking<'_>, fact: &Fact) -> Due {
    fact.on.map_or(Due::NoDay, |last| Due::by(look, plus(last, RECONCILE_DAYS)))
}

fn day_of_its_year(look: &Looking<'_>, fact: &Fact, (month, day): (u32, u32)) -> Due {
    let on = Date::from_ymd_opt(look.date(fact.at).year(), month, day);
    on.map_or(Due::NoDay, |on| Due::by(look, on))
}

fn nv_report(look: &Looking<'_>, fact: &Fact) -> Due {
    day_of_its_year(look, fact, NV_REPORT)
}

fn az_july(look: &Looking<'_>, fact: &Fact) -> Due {
    day_of_its_year(look, fact, AZ_NAMES[0])
}

fn az_december(look: &Looking<'_>, fact: &Fact) -> Due {
    day_of_its_year(look, fact, AZ_NAMES[1])
}

fn after_july(look: &Looking<'_>, by: &Fact, fact: &Fact) -> bool {
    az_july(look, by).ends().is_some_and(|end| fact.at >= end)
}
