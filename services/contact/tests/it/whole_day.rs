//! A day's call list for 10,000 cases is lawful at every minute of that day. The clock goes from tick to tick
//! through a working day on which clocks change somewhere; stops, disputes, recalls and outcomes come in
//! between. Every entry that is offered is judged at every minute of its offer by [`crate::lawful`], which
//! knows nothing of the guard; and whoever nothing bars is offered.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::Context as _;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::{America, Asia, Pacific, Tz};
use duly_domain::{AttemptId, IdSource as _};
use duly_platform::SystemIds;
use duly_proto::{
    common::v1::{Channel, PageRequest},
    contact::v1::{self as contact, CallListEntry, Disposition, StopKind},
    intake::v1::{self as intake, KnownFactKind},
    workflow::v1 as workflow,
};
use sqlx::types::Uuid;

use crate::facts::{call_due, placed, recalled};
use crate::lawful::{AGENCY, Bar, Call, Debtor, Place, minutes};
use crate::world::{Case, World, at};

const CASES: usize = 10_000;
/// Placements and treatments told in one frame.
const FRAME: usize = 500;
/// Israel puts its clocks forward on this Friday.
const EVE: &str = "2026-03-26T20:00:00Z";
/// The ticks at which strategies' wishes of the day are heard: from half an hour before the agency opens.
const FIRST: &str = "2026-03-27T12:30:00Z";
const TICKS: usize = 40;
/// The last of them at which something new is wanted: what is wanted later finds the agency closed.
const WANTED: usize = 36;
const TICK: TimeDelta = TimeDelta::minutes(15);
/// Facts arrive so long after a tick.
const ARRIVE: TimeDelta = TimeDelta::minutes(7);
/// One in so many calls of a tick is made by a collector.
const MADE: usize = 24;

/// Where numbers and addresses point.
struct Home {
    state: &'static str,
    zip: &'static str,
    area: &'static str,
    /// Of the address, by the clocks of its state; of the number.
    zones: (&'static [Tz], Tz),
    place: Option<Place>,
}

const NEW_YORK: Tz = America::New_York;
const CHICAGO: Tz = America::Chicago;
const DENVER: Tz = America::Denver;
const LOS_ANGELES: Tz = America::Los_Angeles;

const fn home(
    [state, zip, area]: [&'static str; 3],
    zones: (&'static [Tz], Tz),
    place: Option<Place>,
) -> Home {
    Home { state, zip, area, zones, place }
}

const HOMES: &[Home] = &[
    home(["PA", "19103", "+1215"], (&[NEW_YORK], NEW_YORK), None),
    home(["OH", "44114", "+1216"], (&[NEW_YORK], NEW_YORK), None),
    home(["GA", "30303", "+1404"], (&[NEW_YORK], NEW_YORK), None),
    home(["IL", "62701", "+1217"], (&[CHICAGO], CHICAGO), None),
    home(["TX", "75201", "+1214"], (&[CHICAGO, DENVER], CHICAGO), None),
    home(["FL", "32801", "+1407"], (&[NEW_YORK, CHICAGO], NEW_YORK), None),
    home(["AZ", "85001", "+1602"], (&[America::Phoenix, DENVER], America::Phoenix), None),
    home(["CA", "90012", "+1213"], (&[LOS_ANGELES], LOS_ANGELES), None),
    home(["HI", "96813", "+1808"], (&[Pacific::Honolulu], Pacific::Honolulu), None),
    // A number abroad, and an address here.
    home(["PA", "19103", "+972"], (&[NEW_YORK], Asia::Jerusalem), None),
    home(["MA", "02108", "+1617"], (&[NEW_YORK], NEW_YORK), Some(Place::Massachusetts)),
    home(["NY", "10001", "+1212"], (&[NEW_YORK], NEW_YORK), Some(Place::NewYorkCity)),
    // A number that stayed behind.
    home(["CA", "90012", "+1212"], (&[LOS_ANGELES], NEW_YORK), Some(Place::NewYorkCity)),
    home(["DC", "20001", "+1202"], (&[NEW_YORK], NEW_YORK), Some(Place::District)),
    home(["WA", "98101", "+1206"], (&[LOS_ANGELES], LOS_ANGELES), Some(Place::Washington)),
    home(["NV", "89101", "+1702"], (&[LOS_ANGELES, DENVER], LOS_ANGELES), Some(Place::Nevada)),
];

/// What clients know, and what it bars.
const KNOWN: &[(KnownFactKind, &str, Bar)] = &[
    (KnownFactKind::Attorney, "Lee and Partners", Bar::Attorney),
    (KnownFactKind::Cease, "a letter", Bar::Cease),
    (KnownFactKind::Bankruptcy, "26-10231", Bar::Bankruptcy),
    (KnownFactKind::Deceased, "", Bar::Deceased),
    (KnownFactKind::Military, "", Bar::Military),
    (KnownFactKind::OptOut, "calls", Bar::NoCalls),
    (KnownFactKind::Dispute, "never ordered", Bar::Dispute),
];

/// Numbers that are as good as chance, and the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        let sides = u64::try_from(sides).expect("few sides");
        usize::try_from(self.0 % sides).expect("fewer than the sides")
    }
}

/// Everything that the test knows, and the cases as the services know them.
struct Town {
    cases: Vec<Case>,
    numbers: Vec<String>,
    /// Whose each case is.
    owner: Vec<usize>,
    debtors: Vec<Debtor>,
    /// Cases that nothing bars, of persons with no other case, called never or long ago.
    free: BTreeSet<usize>,
    by_account: BTreeMap<String, usize>,
}

impl Town {
    fn build(dice: &mut Dice) -> Self {
        let mut town = Self {
            cases: Vec::new(),
            numbers: Vec::new(),
            owner: Vec::new(),
            debtors: Vec::new(),
            free: BTreeSet::new(),
            by_account: BTreeMap::new(),
        };
        while town.cases.len() < CASES {
            town.add_debtor(dice);
        }
        for (no, case) in town.cases.iter().enumerate() {
            town.by_account.insert(case.account_id(), no);
        }
        town
    }

    /// One person with one to three debts to different clients, known by one number.
    fn add_debtor(&mut self, dice: &mut Dice) {
        let eve = at(EVE);
        let who = self.debtors.len();
        let first = self.cases.len();
        let debts = [1, 1, 1, 1, 1, 1, 2, 2, 3][dice.roll(9)].min(CASES - first);
        let home = &HOMES[dice.roll(HOMES.len())];
        let mut debtor = Debtor { places: home.place.into_iter().collect(), ..Debtor::default() };
        // Nobody knows where one is who has a free number and no address.
        let nowhere = dice.roll(50) == 0;
        let number = match (nowhere, home.area) {
            (true, _) => format!("+1800{:07}", 2_000_000 + who),
            (false, "+972") => format!("+9725{:08}", 10_000_000 + who),
            (false, area) => format!("{area}{:07}", 2_000_000 + who),
        };
        if nowhere {
            debtor.places.clear();
        } else {
            debtor.zones.push(home.zones.1);
            debtor.zones.extend(home.zones.0);
        }
        for no in 0..debts {
            let client = ["ACME", "OTHER", "THIRD"][no];
            let mut case = Case::consumer(client, &format!("{who:05}-{no}"))
                .lives(home.state, home.zip)
                .phone(&number);
            // One of the debts may know another address of the same person.
            if nowhere {
                case.fact.liable_parties[0].address = None;
            } else if no == 1 && dice.roll(3) == 0 {
                let other = &HOMES[dice.roll(9)];
                case = case.lives(other.state, other.zip);
                debtor.zones.extend(other.zones.0);
            }
            let debt = first + no;
            if dice.roll(10) == 0 {
                let (kind, detail, bar) = KNOWN[dice.roll(KNOWN.len())];
                case = case.known(kind, detail);
                debtor.bars.push((bar, debt, eve));
            }
            if dice.roll(25) == 0 {
                case = case.known(KnownFactKind::InconvenientTime, "0:00-12:00");
                debtor.not_before_noon = true;
            }
            self.earlier_calls(&mut debtor, debt, dice);
            self.cases.push(case);
            self.numbers.push(number.clone());
            self.owner.push(who);
        }
        debtor.zones.sort_by_key(|zone| zone.name());
        debtor.zones.dedup();
        let anywhere = !debtor.zones.is_empty() && !debtor.places.contains(&Place::Nevada);
        let abroad = debtor.zones.contains(&Asia::Jerusalem);
        let unbarred = debtor.bars.is_empty() && !debtor.not_before_noon && debtor.calls.is_empty();
        if debts == 1 && anywhere && unbarred && !abroad {
            self.free.insert(first);
        }
        self.debtors.push(debtor);
    }

    /// Calls of the days before, one a day at most, some of them conversations: around every number that a
    /// text names.
    fn earlier_calls(&self, debtor: &mut Debtor, debt: usize, dice: &mut Dice) {
        let made = match dice.roll(6) {
            0 | 1 => dice.roll(8),
            2 => 5 + dice.roll(5),
            _ => return,
        };
        for back in 1..=made {
            let back = i64::try_from(back).expect("a few days");
            let hour = i64::try_from(dice.roll(5)).expect("an hour");
            let at = at("2026-03-27T14:30:00Z") - TimeDelta::days(back) + TimeDelta::hours(hour);
            let id: AttemptId = SystemIds.next();
            let conversation = back >= 5 && dice.roll(3) == 0;
            debtor.calls.push(Call { attempt: id.to_string(), debt, at, conversation });
        }
    }

    fn debtor_of(&mut self, case: usize) -> &mut Debtor {
        &mut self.debtors[self.owner[case]]
    }
}

/// A call that the list offers.
struct Offer {
    attempt: String,
    case: usize,
    number: String,
    until: DateTime<Utc>,
}

impl World {
    async fn whole_list(&self, town: &Town) -> anyhow::Result<Vec<Offer>> {
        let mut offers = Vec::new();
        let mut page = PageRequest { page_size: 1_000, ..PageRequest::default() };
        loop {
            let request = contact::ListCallListRequest { page: Some(page.clone()) };
            let answer = self.api.clone().list_call_list(request).await?.into_inner();
            for entry in answer.entries {
                offers.push(offer(town, entry)?);
            }
            page.page_token = answer.page.unwrap_or_default().next_page_token;
            if page.page_token.is_empty() {
                return Ok(offers);
            }
        }
    }

    /// What was done in the days before, as it would stand.
    async fn seed(&self, town: &Town) -> anyhow::Result<()> {
        let mut conn = self.set.connect_to(&self.set.schema("contact")).await?;
        let mut rows = (Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new(), Vec::new());
        let (mut targets, mut outcomes) = (Vec::new(), Vec::new());
        for call in town.debtors.iter().flat_map(|debtor| &debtor.calls) {
            let case = &town.cases[call.debt];
            let id: Uuid = call.attempt.parse::<AttemptId>()?.uuid();
            rows.0.push(id);
            rows.1.push(case.client.uuid());
            rows.2.push(case.id.uuid());
            rows.3.push(case.parties[0].uuid());
            rows.4.push(id);
            rows.5.push(call.at);
            targets.push(town.numbers[call.debt].clone());
            outcomes.push(if call.conversation { "reached" } else { "voicemail" });
        }
        sqlx::query(
            "INSERT INTO attempt (attempt_id, client_id, account_id, opening, party_id, decision_id, step,
                                  try_no, channel, target, state, planned_at, expires_at, authorized_at,
                                  valid_until, concluded_at, disposition, counted)
             SELECT id, client, account, 1, party, decision, 'call', 1, 'call', target, 'concluded', at, at,
                    at, at + interval '30 minutes', at, outcome, true
             FROM UNNEST($1::uuid[], $2::uuid[], $3::uuid[], $4::uuid[], $5::uuid[], $6::timestamptz[],
                         $7::text[], $8::text[])
                 AS c (id, client, account, party, decision, at, target, outcome)",
        )
        .bind(&rows.0)
        .bind(&rows.1)
        .bind(&rows.2)
        .bind(&rows.3)
        .bind(&rows.4)
        .bind(&rows.5)
        .bind(&targets)
        .bind(&outcomes)
        .execute(&mut conn)
        .await?;
        sqlx::query("ANALYZE").execute(&mut conn).await?;
        Ok(())
    }

    /// Something comes in about a case that is offered at this moment.
    async fn arrives(&self, town: &mut Town, case: usize, which: usize) -> anyhow::Result<()> {
        let now = self.run.driver().now().await?;
        let told = town.cases[case].clone();
        let bar = match which % 6 {
            0 => {
                self.stop(&told, 0, StopKind::Attorney).await?;
                // Told for every debt of the party, and each party has one.
                Bar::Attorney
            }
            1 => {
                self.opt_out(&told, Channel::Call, "").await?;
                Bar::NoCalls
            }
            2 => {
                self.dispute(crate::disputes::of(&told)).await?;
                Bar::Dispute
            }
            3 => {
                self.tell::<intake::Event>(vec![recalled(&told)]).await?;
                Bar::Ended
            }
            4 => {
                self.stop(&told, 0, StopKind::Bankruptcy).await?;
                Bar::Bankruptcy
            }
            _ => {
                self.pay(&told, "100.00").await?;
                Bar::Ended
            }
        };
        town.debtor_of(case).bars.push((bar, case, now));
        town.free.remove(&case);
        Ok(())
    }
}

fn offer(town: &Town, entry: CallListEntry) -> anyhow::Result<Offer> {
    let attempt = entry.attempt.context("an entry has its attempt")?;
    let until = attempt.valid_until.context("and its end")?;
    let case = town.by_account.get(&attempt.account_id).context("of a case of the town")?;
    Ok(Offer {
        attempt: attempt.attempt_id,
        case: *case,
        number: entry.phone,
        until: DateTime::from_timestamp(until.seconds, 0).context("an instant")?,
    })
}

/// What became of the day.
#[derive(Debug, Default)]
struct Day {
    offered: BTreeSet<usize>,
    ticks_with_offers: usize,
    judged: usize,
    taken_off: usize,
    /// Zones from which somebody was offered.
    zones: BTreeSet<&'static str>,
}

impl Day {
    /// Judges every offer at every minute until the list is looked at again.
    fn judge(&mut self, town: &Town, offers: &[Offer], from: DateTime<Utc>, until: DateTime<Utc>) {
        for offer in offers {
            let debtor = &town.debtors[town.owner[offer.case]];
            for minute in minutes(from, until.min(offer.until)) {
                let wrong = debtor.unlawful(&offer.attempt, offer.case, &offer.number, minute);
                assert!(wrong.is_empty(), "{} at {minute}: {wrong:?} {debtor:?}", offer.attempt);
                self.judged += 1;
            }
            self.offered.insert(offer.case);
            self.zones.extend(debtor.zones.iter().map(|zone| zone.name()));
        }
    }
}

/// Whoever is offered now, or may be called by somebody who looked a moment ago, counts for the others.
fn stand(
    town: &mut Town,
    standing: &mut BTreeMap<String, usize>,
    offers: &[Offer],
    now: DateTime<Utc>,
) {
    for offer in offers {
        if standing.insert(offer.attempt.clone(), offer.case).is_none() {
            let (attempt, debt) = (offer.attempt.clone(), offer.case);
            let call = Call { attempt, debt, at: now, conversation: false };
            town.debtor_of(debt).calls.push(call);
        }
    }
}

/// What is over by now without having been made counts for nobody.
fn lapse(town: &mut Town, standing: &mut BTreeMap<String, usize>, offers: &[Offer]) {
    let listed: BTreeSet<&String> = offers.iter().map(|offer| &offer.attempt).collect();
    let over: Vec<String> =
        standing.keys().filter(|attempt| !listed.contains(attempt)).cloned().collect();
    for attempt in over {
        if let Some(case) = standing.remove(&attempt) {
            town.debtor_of(case).calls.retain(|call| call.attempt != attempt);
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_days_call_list_for_ten_thousand_cases_is_lawful_at_every_minute() -> anyhow::Result<()> {
    let world = World::open_under("agency: {}").await?;
    let mut dice = Dice(0x9E37_79B9_7F4A_7C15);
    let mut town = Town::build(&mut dice);
    world.run.driver().set_now(at(EVE)).await?;
    for cases in town.cases.chunks(FRAME) {
        world.tell::<intake::Event>(cases.iter().map(placed).collect()).await?;
    }
    world.seed(&town).await?;

    let mut day = Day::default();
    let mut standing: BTreeMap<String, usize> = BTreeMap::new();
    let end = at("2026-03-28T03:59:00Z");
    // Each tick hears of its share, in an order that has nothing to do with where people are.
    let share = CASES.div_ceil(WANTED);
    for no in 0..TICKS {
        let tick = at(FIRST) + TICK * i32::try_from(no).expect("few ticks");
        world.run.driver().advance_to(tick).await?;
        let offers = world.whole_list(&town).await?;
        lapse(&mut town, &mut standing, &offers);
        let arrives = tick + ARRIVE;
        stand(&mut town, &mut standing, &offers, tick);
        day.judge(&town, &offers, tick, arrives);
        day.ticks_with_offers += usize::from(!offers.is_empty());

        // Collectors make some of the calls, and some people answer.
        for (made, offer) in offers.iter().step_by(MADE).enumerate() {
            let (how, spoken) = match made % 3 {
                0 => (Disposition::Reached, true),
                1 => (Disposition::Voicemail, false),
                _ => (Disposition::WrongNumber, false),
            };
            world.conclude(&offer.attempt, how).await?;
            standing.remove(&offer.attempt);
            let debtor = town.debtor_of(offer.case);
            if how == Disposition::WrongNumber {
                debtor.wrong_numbers.push(offer.number.clone());
                // Not a call to this person: 12 CFR 1006, comment 14(b)(2)(i)-3.
                debtor.calls.retain(|call| call.attempt != offer.attempt);
            } else if let Some(call) =
                debtor.calls.iter_mut().find(|call| call.attempt == offer.attempt)
            {
                call.conversation = spoken;
            }
        }
        let wanted: Vec<_> = (CASES.min(no * share)..CASES.min((no + 1) * share))
            .map(|case| call_due(&town.cases[case * 7 % CASES], 0, end).1)
            .collect();
        for wanted in wanted.chunks(FRAME) {
            world.tell::<workflow::Event>(wanted.to_vec()).await?;
        }

        // In between somebody asks not to be called, and is off the list before the answer.
        world.run.driver().set_now(arrives).await?;
        let called: BTreeSet<&String> = standing.keys().collect();
        let subjects: Vec<usize> = offers
            .iter()
            .filter(|offer| called.contains(&offer.attempt))
            .skip(1)
            .step_by(61)
            .map(|offer| offer.case)
            .collect();
        for (which, case) in subjects.iter().enumerate() {
            world.arrives(&mut town, *case, no + which).await?;
        }
        let offers = world.whole_list(&town).await?;
        lapse(&mut town, &mut standing, &offers);
        let listed: BTreeSet<usize> = offers.iter().map(|offer| offer.case).collect();
        day.taken_off += subjects.iter().filter(|case| !listed.contains(case)).count();
        assert!(subjects.iter().all(|case| !listed.contains(case)), "at {arrives}");
        day.judge(&town, &offers, arrives, tick + TICK);
    }
    // The rest of the day, to its last minute.
    for hour in 0..6 {
        let now = at("2026-03-27T22:30:00Z") + TimeDelta::hours(hour);
        world.run.driver().advance_to(now).await?;
        let offers = world.whole_list(&town).await?;
        assert!(offers.is_empty(), "{} offered at {now}, when the agency is closed", offers.len());
    }

    let free = town.free.len();
    let missed: Vec<usize> = town.free.difference(&day.offered).copied().collect();
    eprintln!("offered {} of {CASES}, free {free}, {day:?}", day.offered.len());
    assert!(free > CASES / 4, "{free} cases that nothing bars");
    assert!(missed.is_empty(), "{} of them were never offered: {missed:?}", missed.len());
    assert!(day.offered.len() > CASES / 2, "{}", day.offered.len());
    assert!(day.ticks_with_offers >= 35, "{}", day.ticks_with_offers);
    assert!(day.judged > 100_000, "{}", day.judged);
    assert!(day.taken_off > 100, "{}", day.taken_off);
    for zone in [AGENCY, CHICAGO, DENVER, LOS_ANGELES, Asia::Jerusalem, Pacific::Honolulu] {
        assert!(day.zones.contains(zone.name()), "{zone} was never offered");
    }
    // None was called twice, and none while something stood against it.
    assert_eq!(world.count("SELECT count(*) FROM attempt WHERE crossed").await?, 0);
    world.close().await
}
