mod random;

use chrono::TimeDelta;
use duly_domain::{Currency, Date, Money, PartyRole, TreatmentKind};

use super::*;
use crate::{
    built_in::{BUILT_IN, STANDARD_COMMERCIAL, STANDARD_CONSUMER},
    facts::{Asked, Points},
};

fn zone() -> Zone {
    "America/New_York".parse().unwrap()
}

fn at(text: &str) -> Instant {
    text.parse().unwrap()
}

fn built_in(name: &str) -> Document {
    let found = BUILT_IN.iter().find(|built_in| built_in.name == name).unwrap();
    Document::parse(found.document).unwrap()
}

/// A party with everything, on Monday 2026-01-05.
fn facts() -> TrackFacts {
    TrackFacts {
        role: PartyRole::Principal,
        begun_on: "2026-01-05".parse().unwrap(),
        position: None,
        asked: None,
        points: Points { phone: true, email: true, address: true },
        balance: Money::new(100_000, Currency::USD),
        due_from: "2025-10-01".parse().unwrap(),
        validation_period_end: None,
        pause: None,
        promise_broken: false,
        returned: None,
        stop: None,
        ended: None,
    }
}

/// One track run by hand: it does what the document says and answers as it is told.
struct Run {
    document: Document,
    facts: TrackFacts,
    now: Instant,
    /// `step/try` in the order asked for, with the day.
    asked: Vec<(String, Date)>,
    last: Option<Advance>,
}

impl Run {
    fn of(document: Document) -> Self {
        let now = at("2026-01-05T15:15:00Z");
        Self { document, facts: facts(), now, asked: Vec::new(), last: None }
    }

    /// One decision, kept as the workflow keeps it.
    fn advance(&mut self) -> Move {
        let done = self.document.advance(&self.facts, self.now, zone());
        self.facts.position.clone_from(&done.position);
        if done.used.is_some() {
            self.facts.asked = None;
        }
        if done.promise_used {
            self.facts.promise_broken = false;
        }
        if done.return_used {
            self.facts.returned = None;
        }
        if let Move::Treat(order) = &done.next {
            assert!(self.facts.asked.is_none(), "one treatment at a time");
            self.facts.asked = Some(Asked { expires_at: order.expires_at, answer: None });
            let day = zone().local_date(self.now);
            self.asked.push((format!("{}/{}", order.step, order.try_no), day));
        }
        self.last = Some(done.clone());
        done.next
    }

    fn answer(&mut self, answer: Answer) {
        let asked = self.facts.asked.as_mut().expect("something was asked for");
        asked.answer = Some(Answered { answer, at: self.now });
    }

    /// What is asked for, if anything.
    fn waits_for(&self) -> Option<TreatmentKind> {
        self.facts.asked.as_ref()?;
        let step = &self.facts.position.as_ref()?.step;
        let step = &self.document.steps[self.document.place(step)?];
        step.treatment().map(Treatment::kind)
    }

    /// Runs on, each treatment answered by `answers` a day after it was asked for, until the track rests
    /// for good. Gives the days that took.
    fn run_out(&mut self, mut answers: impl FnMut(TreatmentKind) -> Option<Answer>) -> i64 {
        let begun = self.facts.begun_on;
        for _ in 0..2_000 {
            let next = self.advance();
            // Nothing is left to do at the same instant: it does not spin.
            let again = self.document.advance(&self.facts, self.now, zone());
            assert!(
                !matches!(again.next, Move::Treat(_)) && again.tasks.is_empty(),
                "{next:?} then {again:?}"
            );
            let Some(due_at) = next.due_at() else {
                return zone().local_date(self.now).signed_duration_since(begun).num_days();
            };
            assert!(due_at > self.now, "{next:?} is due in the past");
            match self.waits_for().and_then(&mut answers) {
                Some(answer) if self.facts.asked.is_some() => {
                    self.now += TimeDelta::days(1);
                    if answer == Answer::Mailed && self.document.name.contains("consumer") {
                        let end = crate::calendar::later(zone().local_date(self.now), 35);
                        self.facts.validation_period_end = Some(end);
                    }
                    self.answer(answer);
                }
                _ => self.now = due_at,
            }
        }
        panic!("{} does not end: {:?}", self.document.name, self.asked);
    }

    fn steps(&self) -> Vec<&str> {
        self.asked.iter().map(|(step, _)| step.as_str()).collect()
    }
}

/// The answers of a debtor who never picks up.
fn silence(kind: TreatmentKind) -> Option<Answer> {
    Some(match kind {
        TreatmentKind::Scrub => Answer::Clear,
        TreatmentKind::Trace => Answer::Found,
        TreatmentKind::Letter => Answer::Mailed,
        TreatmentKind::Call => Answer::NotReached,
    })
}

/// The answers of one who picks up each time and never pays.
fn talk(kind: TreatmentKind) -> Option<Answer> {
    silence(kind).map(|answer| match answer {
        Answer::NotReached => Answer::Reached,
        other => other,
    })
}

#[test]
fn the_commercial_standard_walks_to_its_end_in_about_eighty_days() {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    let days = run.run_out(silence);
    assert!((75..=85).contains(&days), "{days} days: {:?}", run.asked);
    assert_eq!(
        run.steps(),
        [
            "scrub/1",
            "first-demand/1",
            "first-calls/1",
            "first-calls/2",
            "first-calls/3",
            "second-demand/1",
            "second-calls/1",
            "second-calls/2",
            "second-calls/3",
            "trace-again/1",
            "calls-after-trace/1",
            "calls-after-trace/2",
            "final-demand/1",
            "final-calls/1",
            "final-calls/2",
            "final-calls/3",
        ]
    );
    let last = run.last.unwrap();
    assert_eq!(last.next, Move::Exhausted(Exhaustion::Strategy(CloseCode::Unc)));
}

#[test]
fn the_consumer_standard_leaves_the_validation_period_alone() {
    let mut run = Run::of(built_in(STANDARD_CONSUMER));
    let days = run.run_out(silence);
    assert!((75..=85).contains(&days), "{days} days: {:?}", run.asked);
    let day = |step: &str| run.asked.iter().find(|(s, _)| s == step).unwrap().1;
    let noticed = day("validation-notice/1");
    assert!(day("first-calls/1").signed_duration_since(noticed).num_days() >= 8);
    let period_end = run.facts.validation_period_end.unwrap();
    assert!(day("second-calls/1") > period_end, "{:?}", run.asked);
    assert!(day("first-calls/3") < period_end);
}

#[test]
fn who_talks_is_not_called_again_in_the_same_round() {
    for name in [STANDARD_COMMERCIAL, STANDARD_CONSUMER] {
        let mut run = Run::of(built_in(name));
        let days = run.run_out(talk);
        assert!((45..=92).contains(&days), "{name}: {days} days");
        assert!(run.steps().iter().all(|step| step.ends_with("/1")), "{:?}", run.asked);
    }
}

#[test]
fn each_built_in_ends_though_nobody_ever_answers() {
    for built_in in BUILT_IN {
        let mut run = Run::of(Document::parse(built_in.document).unwrap());
        let days = run.run_out(|_| None);
        assert!(days <= 190, "{}: {days} days, {:?}", built_in.name, run.asked);
    }
}

#[test]
fn a_consumer_is_not_called_before_the_notice_has_left() {
    for failed in [Answer::LetterRefused, Answer::Refused, Answer::Expired, Answer::Unanswered] {
        let mut run = Run::of(built_in(STANDARD_CONSUMER));
        let mut letters = 0;
        run.run_out(|kind| match kind {
            TreatmentKind::Letter => {
                letters += 1;
                (failed != Answer::Unanswered).then_some(failed)
            }
            other => silence(other),
        });
        assert!(!run.steps().iter().any(|step| step.contains("calls")), "{:?}", run.asked);
        assert!(letters >= 2, "it is tried again");
    }
}

#[test]
fn without_telephone_a_search_takes_the_place_of_calls() {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    run.facts.points.phone = false;
    run.run_out(silence);
    assert!(run.steps().contains(&"trace/1"), "{:?}", run.asked);
    assert!(!run.steps().iter().any(|step| step.contains("calls")), "{:?}", run.asked);
}

#[test]
fn without_e_mail_the_second_demand_goes_by_post() {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    run.facts.points.email = false;
    run.run_out(silence);
    assert!(run.steps().contains(&"second-demand-by-mail/1"));
    assert!(!run.steps().contains(&"second-demand/1"));
}

#[test]
fn a_letter_that_cannot_be_written_is_tried_once_more_and_then_given_up() {
    for name in [STANDARD_COMMERCIAL, STANDARD_CONSUMER] {
        let mut run = Run::of(built_in(name));
        run.run_out(|kind| match kind {
            TreatmentKind::Letter => Some(Answer::LetterRefused),
            other => silence(other),
        });
        let end = run.last.as_ref().map(|last| &last.next);
        assert_eq!(end, Some(&Move::Exhausted(Exhaustion::Strategy(CloseCode::Nei))));
        assert_eq!(run.asked.len(), 3, "{:?}", run.asked);
    }
}

/// To the first calls, asked for and not yet answered.
fn calling() -> Run {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    for answer in [Answer::Clear, Answer::Mailed] {
        assert!(matches!(run.advance(), Move::Treat(_)));
        run.answer(answer);
    }
    let Move::Wait(until) = run.advance() else { panic!("the first rest") };
    assert_eq!(until, at("2026-01-12T11:00:00Z"));
    run.now = until;
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "first-calls"));
    run
}

#[test]
fn a_call_is_tried_again_after_its_days_and_not_after_a_conversation() {
    for (answer, expected) in [
        (Answer::NotReached, Some("2026-01-15T11:00:00Z")),
        (Answer::NotMade, Some("2026-01-15T11:00:00Z")),
        (Answer::Unknown, Some("2026-01-15T11:00:00Z")),
        (Answer::Reached, None),
        (Answer::Refused, None),
    ] {
        let mut run = calling();
        run.answer(answer);
        match (run.advance(), expected) {
            (Move::Wait(until), Some(expected)) => assert_eq!(until, at(expected), "{answer}"),
            (Move::Treat(order), None) => assert_ne!(order.step, "first-calls", "{answer}"),
            (other, _) => panic!("{answer}: {other:?}"),
        }
    }
}

#[test]
fn what_nobody_answers_is_given_up_a_day_after_it_expired() {
    let mut run = calling();
    let Move::Await(until) = run.advance() else { panic!("it waits") };
    assert_eq!(until, at("2026-01-17T05:00:00Z"), "three days to begin, and one to answer");
    run.now = until;
    run.advance();
    let last = run.last.unwrap();
    assert_eq!(last.used, Some(Used { answer: Answer::Unanswered, kept_back: false }));
    assert!(matches!(last.next, Move::Treat(order) if order.step == "second-demand"));
}

#[test]
fn a_promise_pauses_the_track_until_it_is_kept() {
    let mut run = calling();
    run.answer(Answer::Reached);
    let due_on = "2026-01-20".parse().unwrap();
    run.facts.pause = Some(Pause::Promise { due_on });
    for _ in 0..3 {
        assert_eq!(run.advance(), Move::Pause { why: Pause::Promise { due_on }, until: None });
        run.now += TimeDelta::days(5);
    }
    run.facts.pause = None;
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "second-demand"));
}

#[test]
fn a_broken_promise_leads_to_a_call() {
    let mut run = calling();
    run.answer(Answer::Reached);
    run.facts.promise_broken = true;
    let next = run.advance();
    assert!(matches!(&next, Move::Treat(order) if order.step == "chase-promise"), "{next:?}");
    assert!(!run.facts.promise_broken, "it is acted on once");
    run.answer(Answer::Reached);
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "final-demand"));
}

#[test]
fn a_broken_promise_waits_for_the_answer_to_what_is_under_way() {
    let mut run = calling();
    run.facts.promise_broken = true;
    assert!(matches!(run.advance(), Move::Await(_)));
    assert!(run.facts.promise_broken);
}

#[test]
fn what_a_pause_kept_back_is_made_again_after_it() {
    let mut run = calling();
    run.answer(Answer::Refused);
    run.facts.pause = Some(Pause::Dispute);
    assert_eq!(run.advance(), Move::Pause { why: Pause::Dispute, until: None });
    let used = run.last.as_ref().and_then(|last| last.used);
    assert_eq!(used, Some(Used { answer: Answer::Refused, kept_back: true }));
    assert_eq!(run.advance(), Move::Pause { why: Pause::Dispute, until: None });
    run.facts.pause = None;
    run.now += TimeDelta::days(10);
    let Move::Treat(order) = run.advance() else { panic!("it is made again") };
    assert_eq!((order.step.as_str(), order.try_no), ("first-calls", 2));
    // Three tries are left, the one that was kept back does not count.
    for expected in ["first-calls/2", "first-calls/3", "first-calls/4"] {
        assert_eq!(run.asked.last().unwrap().0, expected);
        run.answer(Answer::NotReached);
        if let Move::Wait(until) = run.advance() {
            run.now = until;
            run.advance();
        }
    }
    assert_eq!(run.asked.last().unwrap().0, "second-demand/1");
}

#[test]
fn a_hold_ends_by_itself_on_the_morning_after_its_last_day() {
    let mut run = calling();
    let until = Some("2026-01-23".parse().unwrap());
    run.facts.pause = Some(Pause::Hold { reason: String::new(), until });
    assert_eq!(run.advance().due_at(), Some(at("2026-01-26T11:00:00Z")), "over a weekend");
}

#[test]
fn a_stop_exhausts_and_its_end_lets_the_track_go_on() {
    for stop in [StopKind::Attorney, StopKind::Cease, StopKind::Bankruptcy, StopKind::Deceased] {
        let mut run = calling();
        run.answer(Answer::Reached);
        run.facts.stop = Some(stop);
        assert_eq!(run.advance(), Move::Exhausted(Exhaustion::Stopped(stop)));
        assert_eq!(run.advance().due_at(), None);
        run.facts.stop = None;
        assert!(matches!(run.advance(), Move::Treat(order) if order.step == "second-demand"));
    }
}

#[test]
fn the_end_of_the_account_is_the_end_of_the_track() {
    for ended in [Ended::Recalled, Ended::Closed, Ended::Settled] {
        let mut run = calling();
        run.facts.ended = Some(ended);
        run.facts.stop = Some(StopKind::Cease);
        run.facts.pause = Some(Pause::Dispute);
        assert_eq!(run.advance(), Move::End(ended));
    }
}

#[test]
fn a_guarantor_is_worked_later() {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    run.facts.role = PartyRole::PersonalGuarantor;
    assert_eq!(run.advance(), Move::Wait(at("2026-01-12T11:00:00Z")));
    run.now = at("2026-01-12T11:00:00Z");
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "scrub"));
}

#[test]
fn a_returned_letter_leads_away_where_its_step_says_so() {
    let yaml = "
strategy: returns
for: { debt_class: commercial }
roles: { principal: { after_days: 0 } }
steps:
  - id: demand
    do: { letter: { template: commercial_demand, channel: mail } }
    on: { returned: search }
  - id: rest
    do: { wait: { days: 20 } }
  - id: close
    do: { propose_close: { code: UNC } }
  - id: search
    do: trace
    then: close
";
    let mut run = Run::of(Document::parse(yaml).unwrap());
    run.advance();
    run.answer(Answer::Mailed);
    assert!(matches!(run.advance(), Move::Wait(_)));
    run.facts.returned = Some("demand".to_owned());
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "search"));
    assert_eq!(run.facts.returned, None);
}

#[test]
fn conditions_are_judged_when_a_step_is_reached() {
    let yaml = |when: &str| {
        format!(
            "
strategy: conditions
for: {{ debt_class: commercial }}
roles: {{ principal: {{ after_days: 0 }} }}
steps:
  - id: demand
    when: {{ {when} }}
    do: {{ letter: {{ template: commercial_demand, channel: mail }} }}
  - id: close
    do: {{ propose_close: {{ code: UNE }} }}
"
        )
    };
    for (when, done) in [
        ("balance_at_least: 1000.00 USD", true),
        ("balance_at_least: 1000.01 USD", false),
        ("balance_at_least: 1.00 EUR", false),
        ("age_days_at_least: 96", true), // due on 2025-10-01, today is 2026-01-05
        ("age_days_at_least: 97", false),
        ("has_point: address", true),
        ("has_point: address, age_days_at_least: 97", false),
    ] {
        let mut run = Run::of(Document::parse(&yaml(when)).unwrap());
        let next = run.advance();
        assert_eq!(matches!(next, Move::Treat(_)), done, "{when}: {next:?}");
        if !done {
            assert_eq!(next, Move::Exhausted(Exhaustion::Strategy(CloseCode::Une)));
        }
    }
}

#[test]
fn a_task_is_opened_once_and_the_track_goes_on() {
    let mut run = Run::of(built_in(STANDARD_COMMERCIAL));
    run.advance();
    run.answer(Answer::Hit);
    let Move::Wait(until) = run.advance() else { panic!("a day's rest") };
    run.now = until;
    assert!(matches!(run.advance(), Move::Treat(order) if order.step == "first-demand"));
    assert_eq!(run.last.as_ref().map(|last| last.tasks.len()), Some(1));
    assert!(matches!(run.advance(), Move::Await(_)));
    assert!(run.last.unwrap().tasks.is_empty());
}

#[test]
fn words_say_why_and_what_is_next() {
    let words = |run: &Run| {
        let decided = run.document.advance(&run.facts, run.now, zone());
        run.document.words(&run.facts, &decided, zone())
    };
    let mut run = calling();
    let said = words(&run);
    assert_eq!(
        said.why,
        "first-calls: up to 3 calls, one every 3 days, try 1 of 3 waits for its answer; 2026-01-17 at the \
         latest"
    );
    assert_eq!(said.next, "second-demand, a commercial demand by e-mail");
    run.facts.pause = Some(Pause::Promise { due_on: "2026-02-01".parse().unwrap() });
    let said = words(&run);
    assert_eq!(said.why, "a payment is promised for 2026-02-01");
    assert_eq!(said.next, "goes on at first-calls once the promise is kept or broken");
    run.facts.stop = Some(StopKind::Bankruptcy);
    assert_eq!(words(&run).why, "the party is bankrupt");
}
