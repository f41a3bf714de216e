//! The calendar of a party: what it shows is what the guard decides.

use chrono::{DateTime, TimeDelta, Utc};
use duly_proto::{
    common::v1::Channel,
    contact::v1::{
        self as contact, CalendarRequest, CalendarResponse, DecideRequest, Disposition, StopKind,
        Times, Verdict, record_designation_request,
    },
    convert::{self, timestamp},
};
use duly_testkit::{day, request_id};
use tonic::{Code, Status};

use crate::world::{Case, World};

const CHANNELS: [Channel; 4] = [Channel::Call, Channel::Text, Channel::Email, Channel::Mail];

impl World {
    async fn calendar(&self, request: CalendarRequest) -> Result<CalendarResponse, Status> {
        Ok(self.api.clone().calendar(request).await?.into_inner())
    }

    /// What the guard says at an instant: whether it permits, and its rules.
    async fn decides(
        &self,
        case: &Case,
        channel: Channel,
        at: DateTime<Utc>,
    ) -> anyhow::Result<(bool, Vec<String>)> {
        let mut request = DecideRequest {
            account_id: case.account_id(),
            party_id: case.party_id(0),
            at: Some(timestamp(at)),
            ..Default::default()
        };
        request.set_channel(channel);
        let said =
            self.api.clone().decide(request).await?.into_inner().decision.unwrap_or_default();
        let rules = said.reasons.iter().map(|reason| reason.rule.clone()).collect();
        Ok((said.verdict() == Verdict::Allow, rules))
    }
}

fn of(case: &Case, days: i32) -> CalendarRequest {
    let (account_id, party_id) = (case.account_id(), case.party_id(0));
    CalendarRequest { account_id, party_id, days, ..Default::default() }
}

fn instant(at: Option<&prost_types::Timestamp>) -> DateTime<Utc> {
    convert::instant("at", at).expect("an instant in range")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_shows_what_the_guard_decides_minute_by_minute() -> anyhow::Result<()> {
    let world = World::open().await?;
    // A western number at an eastern address, a second number, an e-mail address; called, spoken to, not
    // on Wednesdays after four, and not by e-mail.
    let case = Case::consumer("ACME", "A-1")
        .phone("+12135550101")
        .phone("+12155550102")
        .email("ann@example.com");
    world.place(&[&case]).await?;
    // Day in the west too.
    world.at("2026-01-05T17:00:00Z").await?;
    world.call(&case, 0, Disposition::NoAnswer).await?;
    world.opt_out(&case, Channel::Email, "").await?;
    let times = Times { weekdays: vec![3], from: "16:00".to_owned(), ..Times::default() };
    let designation = contact::RecordDesignationRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        kind: Some(record_designation_request::Kind::NotAt(times)),
        ..Default::default()
    };
    world.api.clone().record_designation(designation).await?;
    let calendar = world.calendar(of(&case, 7)).await?;
    assert_eq!(calendar.days.len(), 7);
    let mut compared = 0;
    for day in &calendar.days {
        assert_eq!(day.channels.len(), CHANNELS.len());
        for of_day in &day.channels {
            let (mut at, until) = (instant(day.from.as_ref()), instant(day.until.as_ref()));
            let edges: Vec<_> = of_day
                .stretches
                .iter()
                .map(|s| (instant(s.from.as_ref()), instant(s.until.as_ref())))
                .collect();
            assert!(edges.windows(2).all(|two| two[0].1 == two[1].0), "{edges:?}");
            assert_eq!((edges[0].0, edges[edges.len() - 1].1), (at, until));
            // Every 37 minutes, and every edge: the minutes of the week are too many to ask for.
            let mut asked: Vec<DateTime<Utc>> = edges.iter().map(|edge| edge.0).collect();
            while at < until {
                asked.push(at);
                at += TimeDelta::minutes(37);
            }
            for at in asked {
                let shown = of_day
                    .stretches
                    .iter()
                    .find(|s| instant(s.from.as_ref()) <= at && at < instant(s.until.as_ref()))
                    .unwrap();
                let (permits, rules) = world.decides(&case, of_day.channel(), at).await?;
                assert_eq!(shown.permitted, permits, "{:?} {at} {rules:?}", of_day.channel());
                let mut shown: Vec<_> = shown.reasons.iter().map(|r| r.rule.clone()).collect();
                shown.sort();
                shown.dedup();
                let mut rules = rules;
                rules.sort();
                rules.dedup();
                assert_eq!(shown, rules, "{:?} {at}", of_day.channel());
                compared += 1;
            }
        }
    }
    assert!(compared > 1_000, "{compared}");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_shows_what_falls_due_and_which_timers_end() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    world.call(&case, 0, Disposition::Reached).await?;
    world.tick().await?;
    let calendar = world.calendar(of(&case, 0)).await?;
    assert_eq!((calendar.days.len(), calendar.zone.as_str()), (14, "America/New_York"));
    let codes = |all: &[contact::Obligation]| -> Vec<String> {
        all.iter().map(|owed| owed.code.clone()).collect()
    };
    let on = |date: &str| calendar.days.iter().find(|day| day.on == Some(self::day(date))).unwrap();
    assert_eq!(codes(&on("2026-01-10").due), ["o.validation"]);
    assert_eq!(codes(&on("2026-01-11").ends), ["t.conversation"]);
    let call = &on("2026-01-12").channels[0];
    let open = call.stretches.iter().find(|stretch| stretch.permitted);
    let hours = open.map(|s| (s.local_from.as_str(), s.local_until.as_str()));
    assert_eq!(hours, None, "{call:?}");
    assert_eq!(call.stretches[call.stretches.len() - 1].local_until, "24:00");
    // Of another client's account of the person it shows nothing.
    let other = Case::consumer("MILLS", "M-1").phone("+12155550101");
    world.place(&[&other]).await?;
    let calendar = world.calendar(of(&other, 0)).await?;
    assert!(calendar.days.iter().all(|day| day.due.is_empty()));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_calendar_that_cannot_be_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1");
    world.place(&[&case]).await?;
    world.stop(&case, 0, StopKind::Attorney).await?;
    let code = async |request: CalendarRequest| world.calendar(request).await.unwrap_err().code();
    for days in [-1, 32] {
        assert_eq!(code(of(&case, days)).await, Code::InvalidArgument);
    }
    let mut twice = of(&case, 1);
    twice.channels = vec![Channel::Call.into(), Channel::Call.into()];
    assert_eq!(code(twice).await, Code::InvalidArgument);
    let stranger =
        CalendarRequest { party_id: Case::consumer("A", "B").party_id(0), ..of(&case, 1) };
    assert_eq!(code(stranger).await, Code::InvalidArgument);
    let account_id = "acct_01890000000070008000000000000001".to_owned();
    let unknown = CalendarRequest { account_id, ..of(&case, 1) };
    assert_eq!(code(unknown).await, Code::NotFound);
    let mut client = world.run.clients_of_tree(&[case.client])?.contact;
    let denied = client.calendar(of(&case, 1)).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    world.close().await
}
