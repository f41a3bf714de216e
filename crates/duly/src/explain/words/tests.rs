use duly_proto::{
    common::v1::{Channel, Date as WireDate, Effect, Force, Money, Reason, TreatmentKind},
    contact::v1::{self as contact, Attempt, DisputeReason, PartyPoints, StopKind},
    intake::v1::Account,
    payments::v1::GetBalanceResponse,
    reporting::v1::TimelineEntry,
    workflow::v1::{self as workflow, CaseAccount, TaskKind},
};
use insta::assert_snapshot;

use super::*;

fn zone() -> Zone {
    "America/New_York".parse().unwrap()
}

fn at(text: &str) -> Option<Timestamp> {
    Some(convert::timestamp(text.parse().unwrap()))
}

fn on(text: &str) -> Option<WireDate> {
    Some(convert::date_to_wire(text.parse().unwrap()))
}

fn usd(minor: i64) -> Option<Money> {
    Some(Money { minor, currency: "USD".to_owned() })
}

fn account() -> Account {
    let mut account = Account {
        account_id: "acct_0001".to_owned(),
        client_account_ref: "NE-17".to_owned(),
        opening: 1,
        listed_amount: usd(1_234_500),
        listing_date: on("2026-01-15"),
        claim_items: 3,
        ..Account::default()
    };
    account.set_debt_class(DebtClass::Commercial);
    account.set_lifecycle(Lifecycle::Open);
    account
}

fn known() -> Known {
    Known { client_ref: "NORTHSTAR-EAST".to_owned(), account: account(), ..Known::default() }
}

fn reason(rule: &str, authority: &str, force: Force, sentence: &str) -> Reason {
    let mut reason = Reason {
        rule: rule.to_owned(),
        authority: authority.to_owned(),
        sentence: sentence.to_owned(),
        ..Reason::default()
    };
    reason.set_force(force);
    reason.set_effect(Effect::Deny);
    reason
}

fn times() -> Times {
    Times(zone().name().parse().unwrap())
}

#[test]
fn an_account_that_was_just_placed_is_told_though_nobody_knows_it_yet() {
    assert_snapshot!(all(&known(), zone()).unwrap(), @"
    NORTHSTAR-EAST/NE-17  acct_0001
    commercial claim of 12,345.00 USD with 3 items, placed on 2026-01-15, open

    Where it is, and why
      no case is open for it yet

    May it be contacted?
      contact has not heard of it yet

    What was done, newest first
      nothing

    What was refused or put off, and why
      nothing

    What is due
      nothing

    What happened last
      nothing
    ");
}

#[test]
fn a_closed_account_says_when_and_with_which_code() {
    let mut known = known();
    known.account.set_lifecycle(Lifecycle::Closed);
    known.account.close_code = "PIF".to_owned();
    known.account.closed_on = on("2026-02-03");
    known.account.opening = 2;
    assert_snapshot!(head(&known).unwrap().trim_end(), @"
    NORTHSTAR-EAST/NE-17  acct_0001
    commercial claim of 12,345.00 USD with 3 items, placed on 2026-01-15 (placement 2), closed on 2026-02-03 with code PIF
    ");
}

#[test]
fn each_liable_party_says_where_it_stands_why_and_what_comes_next() {
    let mut known = known();
    known.balance = Some(GetBalanceResponse {
        listed: usd(1_234_500),
        adjusted: usd(-34_500),
        paid: usd(200_000),
        held: usd(50_000),
        balance: usd(1_000_000),
        ..GetBalanceResponse::default()
    });
    let track = |role: &str, state, step: &str, why: &str| {
        let mut track = Track {
            role: role.to_owned(),
            step: step.to_owned(),
            why: why.to_owned(),
            ..Track::default()
        };
        track.set_state(state);
        track
    };
    let mut waiting = track("principal", TrackState::Waiting, "second_call", "not reached");
    waiting.next = "call, try 2 of 3".to_owned();
    waiting.next_at = at("2026-02-03T14:00:00Z");
    let guarantor =
        track("personal_guarantor", TrackState::Exhausted, "", "represented by an attorney");
    known.work = Some(workflow::ExplainAccountResponse {
        account: Some(CaseAccount {
            strategy: "commercial-standard".to_owned(),
            strategy_version: 1,
            tracks: vec![waiting, guarantor],
            ..CaseAccount::default()
        }),
        ..workflow::ExplainAccountResponse::default()
    });
    assert_snapshot!(where_it_is(&known, times()).unwrap().join("\n"), @"
    balance 10,000.00 USD (listed 12,345.00 USD, adjusted -345.00 USD, paid 2,000.00 USD, of it not yet good funds 500.00 USD)
    strategy commercial-standard, version 1
    principal waits at second_call: not reached
      next: call, try 2 of 3, 2026-02-03 09:00
    personal guarantor is exhausted: represented by an attorney
    ");
}

#[test]
fn what_stands_against_contact_is_told_with_force_and_authority() {
    let mut stop = Stop {
        placed_at: at("2026-01-20T15:30:00Z"),
        source: "collector".to_owned(),
        ..Stop::default()
    };
    stop.set_kind(StopKind::OptOut);
    stop.set_channel(Channel::Call);
    let mut dispute = Dispute {
        opened_on: on("2026-01-21"),
        item_numbers: vec!["INV-1".to_owned(), "INV-2".to_owned()],
        ..Dispute::default()
    };
    dispute.set_reason(DisputeReason::NotDelivered);
    let mut attempt = Attempt {
        planned_at: at("2026-01-22T15:00:00Z"),
        why: "waits for the agency's hours".to_owned(),
        ..Attempt::default()
    };
    attempt.set_channel(Channel::Call);
    attempt.set_state(AttemptState::Planned);
    let mut known = known();
    known.contact = Some(contact::ExplainAccountResponse {
        contactable: false,
        reasons: vec![reason(
            "attorney",
            "12 CFR 1006.6(b)(2)",
            Force::Law,
            "The consumer is represented by an attorney.",
        )],
        points: vec![PartyPoints {
            role: "principal".to_owned(),
            phones: 1,
            addresses: 2,
            ..PartyPoints::default()
        }],
        stops: vec![stop],
        disputes: vec![dispute],
        attempts: vec![attempt],
        ..contact::ExplainAccountResponse::default()
    });
    assert_snapshot!(contactable(&known, times()).unwrap().join("\n"), @"
    no
    The consumer is represented by an attorney (law, 12 CFR 1006.6(b)(2))
    principal can be reached by 1 telephone number, no e-mail address and 2 postal addresses
    stop: does not want to be reached by call since 2026-01-20 10:30, told by collector
    dispute on 2026-01-21: INV-1, INV-2 (not delivered), open: the rest is worked on
    call planned for 2026-01-22 10:00: waits for the agency's hours
    ");
}

#[test]
fn the_same_refusal_many_times_is_told_once_with_its_last_time() {
    let decision = |verdict, decided: &str, next: Option<&str>, reasons: Vec<Reason>| {
        let mut decision = Decision {
            decided_at: at(decided),
            next_permitted_at: next.and_then(at),
            reasons,
            ..Decision::default()
        };
        decision.set_verdict(verdict);
        decision.set_channel(Channel::Call);
        decision
    };
    let hours =
        || reason("agency_hours", "agency policy", Force::Policy, "The agency does not call then");
    let seven = || {
        reason(
            "call_frequency",
            "12 CFR 1006.14(b)(2)(i)(A)",
            Force::Law,
            "Seven calls in seven days",
        )
    };
    let mut known = known();
    known.contact = Some(contact::ExplainAccountResponse {
        decisions: vec![
            decision(Verdict::Refuse, "2026-01-30T15:00:00Z", None, vec![seven(), hours()]),
            decision(
                Verdict::Defer,
                "2026-01-29T23:00:00Z",
                Some("2026-01-30T14:00:00Z"),
                vec![hours()],
            ),
            decision(
                Verdict::Defer,
                "2026-01-28T23:00:00Z",
                Some("2026-01-29T14:00:00Z"),
                vec![hours()],
            ),
            decision(Verdict::Allow, "2026-01-27T15:00:00Z", None, vec![]),
        ],
        ..contact::ExplainAccountResponse::default()
    });
    known.letters = vec![Letter {
        template: "commercial_demand".to_owned(),
        why: "the authorisation ran out".to_owned(),
        ..Letter::default()
    }];
    assert_snapshot!(refused(&known, times()).unwrap().join("\n"), @"
    call refused, 2026-01-30 10:00
      Seven calls in seven days (law, 12 CFR 1006.14(b)(2)(i)(A))
      The agency does not call then (policy, agency policy)
    call put off, 2 times, last 2026-01-29 18:00; permitted from 2026-01-30 09:00
      The agency does not call then (policy, agency policy)
    commercial demand: the authorisation ran out
    ");
}

#[test]
fn what_is_due_is_told_by_its_day() {
    let mut task = Task {
        reason: "the demand has no address of the debtor".to_owned(),
        due_on: on("2026-02-05"),
        ..Task::default()
    };
    task.set_kind(TaskKind::LetterRefused);
    let closed = Task { closed_at: at("2026-01-20T15:00:00Z"), ..task.clone() };
    let mut promise = Promise {
        amount: usd(50_000),
        due_on: on("2026-02-04"),
        paid: usd(10_000),
        ..Promise::default()
    };
    promise.set_state(PromiseState::Open);
    let mut kept = promise.clone();
    kept.set_state(PromiseState::Kept);
    let request = ClientRequest {
        question: "was INV-1 delivered?".to_owned(),
        due_on: on("2026-01-31"),
        ..ClientRequest::default()
    };
    let mut known = known();
    known.work = Some(workflow::ExplainAccountResponse {
        tasks: vec![closed, task],
        ..workflow::ExplainAccountResponse::default()
    });
    known.promises = vec![kept, promise];
    known.requests = vec![request];
    assert_snapshot!(due(&known).unwrap().join("\n"), @"
    2026-01-31: the client is asked: was INV-1 delivered?
    2026-02-04: promise of 500.00 USD, 100.00 USD came so far
    2026-02-05: task: the demand has no address of the debtor
    ");
}

#[test]
fn treatments_letters_and_the_last_events_are_told_newest_first() {
    let mut letter = Treatment {
        template: "commercial_demand".to_owned(),
        step: "demand".to_owned(),
        try_no: 1,
        due_at: at("2026-01-16T14:00:00Z"),
        answer: "mailed".to_owned(),
        ..Treatment::default()
    };
    letter.set_kind(TreatmentKind::Letter);
    letter.set_channel(Channel::Mail);
    let mut call = Treatment {
        step: "calls".to_owned(),
        try_no: 2,
        due_at: at("2026-01-23T15:00:00Z"),
        ..Treatment::default()
    };
    call.set_kind(TreatmentKind::Call);
    call.set_channel(Channel::Call);
    let mut known = known();
    known.work = Some(workflow::ExplainAccountResponse {
        treatments: vec![call, letter],
        ..workflow::ExplainAccountResponse::default()
    });
    known.letters = vec![Letter {
        template: "commercial_demand".to_owned(),
        mailed_on: on("2026-01-16"),
        pages: 2,
        file_name: "0001.pdf".to_owned(),
        ..Letter::default()
    }];
    assert_snapshot!(done(&known, times()).unwrap().join("\n"), @"
    2026-01-23 10:00 call (calls, try 2): waits
    2026-01-16 09:00 commercial demand by post (demand): mailed
    commercial demand mailed on 2026-01-16, 2 pages: 0001.pdf
    ");
    known.timeline = (1..=10)
        .map(|n| TimelineEntry {
            occurred_at: at(&format!("2026-01-{n:02}T15:00:00Z")),
            summary: format!("fact {n}"),
            ..TimelineEntry::default()
        })
        .collect();
    let told = last(&known, times()).unwrap();
    assert_eq!(told.first().map(String::as_str), Some("2026-01-10 10:00 fact 10"));
    assert_eq!(told.last().map(String::as_str), Some("2026-01-03 10:00 fact 3"));
}
