//! The agency's own duties: by the calendar, by its licences, by what it did.

use EventKind as E;
use duly_domain::DebtClass;

use super::*;

/// An agency in New York with a licence in a state, since 2025.
fn licensed(state: &str) -> AgencyFacts {
    let region = Region { state: state.parse().unwrap(), city: None };
    let licence = Licence { region, class: None, from: day("2025-01-01"), to: None };
    let zone = "America/New_York".parse().unwrap();
    AgencyFacts { zone, licences: vec![licence], events: Vec::new() }
}

/// The same with its last day.
fn until(state: &str, to: &str) -> AgencyFacts {
    let mut agency = licensed(state);
    agency.licences[0].to = Some(day(to));
    agency
}

/// A duty, when it falls due in New York, and what it says of an agency in another state.
struct Owed {
    code: &'static str,
    agency: AgencyFacts,
    opens: Option<(E, &'static str)>,
    due: &'static str,
    met: fn(&mut AgencyFacts, Instant),
}

fn filed(kind: E) -> impl Fn(&mut AgencyFacts, Instant) {
    move |agency, at| agency.events.push(Event::new(kind, at))
}

impl Owed {
    fn one(&self, agency: &AgencyFacts, as_of: Instant) -> Vec<Obligation> {
        let on = day(self.due);
        let all = agency_due(agency, on, on, as_of).into_iter();
        all.filter(|owed| owed.duty.code == self.code && owed.due.on() == Some(on)).collect()
    }

    fn state(&self, agency: &AgencyFacts, as_of: Instant) -> State {
        let found = self.one(agency, as_of);
        assert_eq!(found.len(), 1, "{}: {found:#?}", self.code);
        found[0].state
    }

    fn holds(self) {
        let second = Duration::seconds(1);
        let end = self.agency.zone.start_of_day(day(self.due).succ_opt().unwrap());
        let mut open = self.agency.clone();
        if let Some((kind, at)) = self.opens {
            open.events.push(Event::new(kind, ny(at)));
            assert!(self.one(&open, ny(at) - second).is_empty(), "{} opens early", self.code);
        }
        assert_eq!(self.state(&open, end - second), State::Open, "{}", self.code);
        let lapsed = State::Lapsed { since: end, done_at: None };
        assert_eq!(self.state(&open, end), lapsed, "{}", self.code);
        let mut met = open.clone();
        (self.met)(&mut met, end - second);
        assert!(matches!(self.state(&met, end), State::Discharged { .. }), "{}", self.code);
        if let Reach::Licensed(_) = self.one(&open, end)[0].duty.reach {
            let mut elsewhere = open.clone();
            elsewhere.licences[0].region.state = "OR".parse().unwrap();
            assert!(self.one(&elsewhere, end).is_empty(), "{}", self.code);
        }
    }
}

fn renewed(agency: &mut AgencyFacts, _: Instant) {
    let ended = agency.licences[0];
    let from = ended.to.unwrap().succ_opt().unwrap();
    agency.licences.push(Licence { from, to: Some(from + Duration::days(300)), ..ended });
}

fn renewal(code: &'static str, agency: AgencyFacts, due: &'static str) -> Owed {
    Owed { code, agency, opens: None, due, met: renewed }
}

macro_rules! owed {
    ($($(#[$doc:meta])* $name:ident: $case:expr;)*) => {
        $($(#[$doc])* #[test] fn $name() { $case.holds(); })*
    };
}

/// A duty by the calendar that an event meets.
macro_rules! by_event {
    ($code:literal, $state:literal, $due:literal, $kind:ident) => {
        Owed {
            code: $code,
            agency: licensed($state),
            opens: None,
            due: $due,
            met: |agency, at| filed(E::$kind)(agency, at),
        }
    };
}

/// A month's duty, that an event stating its last day meets.
macro_rules! by_month {
    ($code:literal, $state:literal, $month:literal, $due:literal, $kind:ident) => {
        Owed {
            met: |agency, at| agency.events.push(Event::new(E::$kind, at).stating(day($month))),
            ..by_event!($code, $state, $due, $kind)
        }
    };
}

owed! {
    licence: renewal("licence", until("TX", "2027-05-15"), "2027-05-15");
    licence_wa: renewal("licence.wa", until("WA", "2026-12-31"), "2026-12-31");
    licence_nc: renewal("licence.nc", until("NC", "2027-06-30"), "2027-05-31");
    licence_fl: {
        let mut agency = until("FL", "2026-12-31");
        agency.licences[0].class = Some(DebtClass::Commercial);
        renewal("licence.fl", agency, "2026-12-31")
    };
    licence_az: renewal("licence.az", until("AZ", "2026-12-31"), "2026-12-31");
    licence_mn: renewal("licence.mn", until("MN", "2027-06-30"), "2027-06-30");
    licence_nyc: {
        let mut agency = until("NY", "2027-02-10");
        agency.licences[0].region.city = Some(City::NewYork);
        renewal("licence.nyc", agency, "2027-01-31")
    };
    // February 2028 has 29 days.
    remit: by_month!("remit", "TX", "2028-02-29", "2028-03-30", Remitted);
    remit_wa: by_month!("remit.wa", "WA", "2027-02-28", "2027-03-30", Remitted);
    remit_hi: by_month!("remit.hi", "HI", "2027-02-28", "2027-03-30", Remitted);
    remit_co: by_month!("remit.co", "CO", "2027-02-28", "2027-03-30", Remitted);
    remit_nv: by_month!("remit.nv", "NV", "2027-02-28", "2027-03-30", Remitted);
    reconcile_az: by_month!("reconcile.az", "AZ", "2026-12-31", "2027-01-30", TrustReconciled);
    reconcile_il: by_month!("reconcile.il", "IL", "2026-12-31", "2027-01-30", TrustReconciled);
    // Wednesday 1 July: over a weekend; the observed holiday counts.
    reconcile_az_postings: Owed {
        opens: Some((E::TrustLedgerPosted, "2026-07-01T17:00")),
        ..by_event!("reconcile.az_postings", "AZ", "2026-07-08", TrustLedgerPosted)
    };
    mn_sheet: Owed {
        opens: Some((E::MnSheetUpdated, "2026-07-01T10:00")),
        ..by_event!("mn.sheet", "MN", "2026-10-29", MnSheetInUse)
    };
    report_nv: by_event!("report.nv", "NV", "2027-04-15", NvReportFiled);
    report_az_july: by_event!("report.az_july", "AZ", "2027-07-01", AzNamesFiled);
    report_az_december: by_event!("report.az_december", "AZ", "2027-12-31", AzNamesFiled);
    report_co: Owed {
        opens: Some((E::AgencyChanged, "2026-07-01T10:00")),
        ..by_event!("report.co", "CO", "2026-07-31", CoChangeReported)
    };
    report_il: Owed {
        opens: Some((E::DepositoryChanged, "2026-07-01T10:00")),
        ..by_event!("report.il", "IL", "2026-07-31", IlDepositoryReported)
    };
    // Before the date.
    o_tcpa_revoke_all: by_event!("o.tcpa_revoke_all", "TX", "2027-01-30", RevokeAllDecided);
}

#[test]
fn a_filing_of_june_is_not_the_one_of_december() {
    let mut agency = licensed("AZ");
    agency.events.push(Event::new(E::AzNamesFiled, ny("2027-06-20T10:00")));
    let all = agency_due(&agency, day("2027-07-01"), day("2027-12-31"), ny("2027-11-01T10:00"));
    let filings = all.iter().filter(|owed| owed.duty.code.starts_with("report.az"));
    let states: Vec<_> = filings.map(|owed| (owed.duty.code, owed.state.as_str())).collect();
    assert_eq!(states, [("report.az_december", "open"), ("report.az_july", "discharged")]);
}

#[test]
fn nothing_is_owed_of_the_time_before_the_first_licence() {
    let mut agency = licensed("NV");
    agency.licences[0].from = day("2026-06-10");
    let all = agency_due(&agency, day("2026-01-01"), day("2026-08-31"), ny("2026-09-01T10:00"));
    let owed: Vec<_> = all.iter().map(|owed| (owed.duty.code, owed.due.on().unwrap())).collect();
    let (june, july) = (day("2026-07-30"), day("2026-08-30"));
    let expected = [("remit", june), ("remit.nv", june), ("remit", july), ("remit.nv", july)];
    assert_eq!(owed, expected);
}

#[test]
fn a_licence_without_a_last_day_comes_up_for_no_renewal() {
    let all =
        agency_due(&licensed("WA"), day("2026-01-01"), day("2027-12-31"), ny("2026-07-01T10:00"));
    assert!(all.iter().all(|owed| !owed.duty.code.starts_with("licence")));
}

#[test]
fn floridas_commercial_registration_is_renewed_from_october_on() {
    let mut agency = until("FL", "2026-12-31");
    agency.licences[0].class = Some(DebtClass::Commercial);
    let all = agency_due(&agency, day("2026-12-31"), day("2026-12-31"), ny("2026-11-01T10:00"));
    let owed = all.iter().find(|owed| owed.duty.code == "licence.fl").unwrap();
    assert_eq!(owed.opened_at, Some(ny("2026-10-01T00:00")));
    // A consumer licence there is renewed by its own last day.
    agency.licences[0].class = Some(DebtClass::Consumer);
    let all = agency_due(&agency, day("2026-12-31"), day("2026-12-31"), ny("2026-11-01T10:00"));
    assert!(all.iter().any(|owed| owed.duty.code == "licence"));
}
