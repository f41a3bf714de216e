//! The days after a placement: the agency works by itself, and everybody else acts by the model of
//! `duly_simulation`, through the same methods as any caller: the collector at the telephone, the
//! accountant with the day's receipts, the mail room, the provider of searches, the clients.
//!
//! What happens at one instant is done by several calls at the same time, and in stages where one
//! could see the other: the outcome does not depend on who is first.

mod agenda;
mod calls;
mod cast;
mod creditors;
mod deeds;
mod desks;
mod log;
mod mail;
mod money;
mod searches;

use std::{
    collections::{BTreeMap, BTreeSet},
    path::{Path, PathBuf},
    time::{Duration, Instant as Machine},
};

use anyhow::{Context as _, Result};
use chrono::{Datelike as _, Days, TimeDelta, Timelike as _, Weekday};
use duly_domain::{Date, Instant};

use self::{
    agenda::{Agenda, Deed, What, Who},
    desks::Desks,
};
use super::{
    remit::{self, Remitted},
    sandbox::{Sandbox, morning},
};
use crate::{out, phases::Phase};

pub use cast::Cast;
pub use log::Log;
pub use money::{Recorded, recorded};

/// Calls of one instant that are under way at the same time.
const AT_ONCE: usize = 16;

/// First and last local hour of the agency in which somebody sits at the telephones.
const DESK_HOURS: (u32, u32) = (8, 20);

/// What a life goes by.
pub struct Plan {
    /// The day of the placement.
    pub as_of: Date,
    /// Its last day, at least: recorded payments are lived to their end.
    pub until: Date,
    /// Ids of the clients with accounts, by reference.
    pub clients: BTreeMap<String, String>,
    /// Payments that the file records.
    pub recorded: Vec<Recorded>,
    /// Where statements are written.
    pub out: PathBuf,
    /// Where the provider of searches finds its questions.
    pub provider_dir: PathBuf,
}

/// Where the machine's time went.
#[derive(Debug, Clone, Copy, Default)]
pub struct Clockwork {
    /// How often everything was waited for.
    pub settles: u64,
    /// How long that took.
    pub settling: Duration,
    /// Instants at which the clock stood.
    pub instants: u64,
    /// How long callers were at work.
    pub acting: Duration,
}

/// A life under way.
struct Life<'a> {
    sandbox: &'a Sandbox,
    plan: Plan,
    cast: Cast,
    desks: Desks,
    agenda: Agenda,
    log: Log,
    clockwork: Clockwork,
    now: Instant,
    /// Batches, questions and files of questions that were seen.
    seen: BTreeSet<String>,
    remitted: Remitted,
    /// Something was done since everything was waited for.
    stirred: bool,
}

/// What a life came to.
pub struct Lived {
    /// What happened.
    pub log: Log,
    /// The clients' periods.
    pub remitted: Remitted,
    /// Where the machine's time went.
    pub clockwork: Clockwork,
    /// Its last day.
    pub until: Date,
    /// How many days it had.
    pub days: u64,
}

impl Lived {
    /// In one line.
    pub fn in_words(&self) -> String {
        let Log { calls, posted, reversed, .. } = &self.log;
        format!(
            "until {}: {} calls, {} payments, {} taken back, statements of each month",
            self.until,
            out::count(calls.values().sum::<u64>()),
            out::count(posted.count()),
            out::count(reversed.count()),
        )
    }
}

/// Lives through the days, closes each month and the last day's period, and stops on the morning after.
///
/// # Errors
/// A call that is refused for a reason that is none of the story's, or what does not come to rest.
pub async fn live(sandbox: &Sandbox, plan: Plan, cast: Cast, phase: &Phase) -> Result<Lived> {
    let desks = Desks::new(sandbox, &plan.clients)?;
    let mut life = Life {
        sandbox,
        desks,
        agenda: Agenda::default(),
        log: Log::default(),
        clockwork: Clockwork::default(),
        now: sandbox.driver.now().await?,
        seen: BTreeSet::new(),
        remitted: Remitted::default(),
        stirred: true,
        plan,
        cast,
    };
    life.take_up();
    life.search_for_unlocated().await?;
    let mut day = life.plan.as_of;
    while day <= life.until() {
        phase.say(&format!("{day}"));
        life.one_day(day).await.with_context(|| format!("on {day}"))?;
        day = day.succ_opt().context("the calendar ends")?;
        if day.day() == 1 && day <= life.until() {
            life.reach(morning(&sandbox.home.config, day)).await?;
            life.close_month(day.pred_opt().context("the calendar begins")?).await?;
        }
        phase.inc(1);
    }
    let until = life.until();
    life.reach(morning(&sandbox.home.config, day)).await?;
    life.close_month(until).await?;
    life.settle().await?;
    let days = u64::try_from((until - life.plan.as_of).num_days()).unwrap_or(0);
    let Life { log, remitted, clockwork, .. } = life;
    Ok(Lived { log, remitted, clockwork, until, days })
}

impl Life<'_> {
    /// The last day: with recorded payments, the last on which one of them is released at least.
    fn until(&self) -> Date {
        let recorded = self.log.last_on.filter(|_| !self.plan.recorded.is_empty());
        self.plan.until.max(recorded.unwrap_or(self.plan.until))
    }

    /// What is known beforehand: the recorded payments, and what creditors do by themselves.
    fn take_up(&mut self) {
        for recorded in self.plan.recorded.clone() {
            let on = recorded.on;
            // An account that was not accepted is paid too; its money waits unapplied.
            let who = self.cast.by_refs(&recorded.client_ref, &recorded.account_ref);
            if let Some(who) = who.or(self.cast.anybody()) {
                self.agenda.put(on, who, What::PostRecorded(recorded));
            }
        }
        let days = u32::try_from((self.plan.until - self.plan.as_of).num_days()).unwrap_or(0);
        for (who, creditor) in self.cast.creditors() {
            if let Some((after, act)) = creditor.by_itself(days) {
                self.agenda.put(after_days(self.plan.as_of, after), who, What::Creditor(act));
            }
        }
    }

    /// From one due instant to the next until the day is over; in the morning the mail is opened.
    async fn one_day(&mut self, day: Date) -> Result<()> {
        let config = &self.sandbox.home.config;
        let (opening, evening) = (
            morning(config, day),
            config.zone.start_of_day(after_days(day, 1)) - TimeDelta::seconds(1),
        );
        let mut opened = false;
        loop {
            self.rest().await?;
            let due = self.sandbox.driver.next_due().await?.filter(|due| *due <= evening);
            let next = match (due, opened) {
                (Some(due), true) => due,
                (Some(due), false) => due.min(opening),
                (None, false) => opening,
                (None, true) => return Ok(()),
            };
            if next > self.now {
                self.reach_at_once(next).await?;
            } else {
                self.settle().await?;
            }
            let began = Machine::now();
            if !opened && self.now >= opening {
                opened = true;
                self.open_mail(day).await?;
            }
            self.answer_searches(day).await?;
            if self.desk_is_open() {
                self.call(day).await?;
            }
            self.clockwork.acting += began.elapsed();
        }
    }

    /// The morning's work: mail that left, questions to clients, and what falls on this day.
    async fn open_mail(&mut self, day: Date) -> Result<()> {
        self.look_at_batches(day).await?;
        self.look_at_questions(day).await?;
        let deeds = self.agenda.take(day);
        self.perform(day, deeds).await
    }

    async fn close_month(&mut self, through: Date) -> Result<()> {
        self.rest().await?;
        let Self { plan, desks, .. } = self;
        let door = &desks.accounting;
        let closed = remit::close_periods(door, &plan.clients, through, &plan.out).await?;
        self.remitted.add(closed);
        self.stirred = true;
        Ok(())
    }

    fn desk_is_open(&self) -> bool {
        let zone = self.sandbox.home.config.zone;
        let weekday = zone.local_date(self.now).weekday();
        let (from, to) = DESK_HOURS;
        !matches!(weekday, Weekday::Sat | Weekday::Sun)
            && (from..=to).contains(&zone.local_hour(self.now))
            && self.now.second() == 0
    }

    /// Works off what is due up to an instant and stands there.
    async fn reach(&mut self, at: Instant) -> Result<()> {
        loop {
            self.rest().await?;
            match self.sandbox.driver.next_due().await?.filter(|due| *due < at) {
                Some(due) if due > self.now => self.reach_at_once(due).await?,
                Some(_) => self.settle().await?,
                None if at > self.now => return self.reach_at_once(at).await,
                None => return Ok(()),
            }
        }
    }

    async fn reach_at_once(&mut self, at: Instant) -> Result<()> {
        self.sandbox.driver.set_now(at).await?;
        self.now = at;
        self.clockwork.instants += 1;
        self.settle().await
    }

    /// Waits for what was done, if anything was.
    async fn rest(&mut self) -> Result<()> {
        if self.stirred { self.settle().await } else { Ok(()) }
    }

    async fn settle(&mut self) -> Result<()> {
        let began = Machine::now();
        super::settle(self.sandbox).await.with_context(|| format!("at {}", self.now))?;
        self.clockwork.settles += 1;
        self.clockwork.settling += began.elapsed();
        self.stirred = false;
        Ok(())
    }

    /// Where the questions to the provider are.
    fn provider_dir(&self) -> &Path {
        &self.plan.provider_dir
    }

    /// An act for later, or one to be done now.
    fn later(&mut self, today: Date, after_days: u32, who: Who, what: What) -> Option<Deed> {
        let on = self::after_days(today, after_days);
        let deed = self.agenda.deed(who, what);
        if on > today {
            self.agenda.push(on, deed);
            return None;
        }
        Some(deed)
    }
}

/// So many days after a day; the last that the calendar has, past its end.
fn after_days(day: Date, days: u32) -> Date {
    day.checked_add_days(Days::new(u64::from(days))).unwrap_or(Date::MAX)
}
