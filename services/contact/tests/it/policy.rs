//! The agency's own limits, those of its clients, and its licences, in front of real attempts.

use duly_proto::{
    common::v1::Channel,
    contact::v1::{
        ConsentFor, DecideRequest, Decision, Disposition, ExplainAccountRequest, GivenTo,
        LiftStopRequest, RecordConsentRequest, Verdict,
    },
};
use duly_testkit::request_id;

use crate::world::{Case, World};

/// What keeps the rule packs from saying anything of their own: one budget and nothing else.
const DEFAULTS: &str = "agency: {}";

fn authorities(decision: &Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| reason.authority.as_str()).collect()
}

impl World {
    /// The answer to a call proposed now.
    async fn answer(&self, case: &Case) -> anyhow::Result<Decision> {
        Ok(self.propose(case, 0).await?.decision.unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_person_has_one_budget_and_no_client_learns_of_another() -> anyhow::Result<()> {
    let world = World::open_under(DEFAULTS).await?;
    // One number, so one person, who owes to two clients.
    let ours = Case::consumer("ACME", "A-1").phone("+12155550101");
    let theirs = Case::consumer("OTHER", "O-1").phone("+12155550101");
    let nobody = Case::consumer("OTHER", "O-2").phone("+12155550102");
    world.place(&[&ours, &theirs, &nobody]).await?;
    world.call(&ours, 0, Disposition::NoAnswer).await?;

    let said = world.answer(&theirs).await?;
    assert_eq!(said.verdict(), Verdict::Defer);
    assert_eq!(authorities(&said), ["policy count.person"]);
    assert!(world.propose(&nobody, 0).await?.attempt.is_some(), "another person has its own");

    let mut api = world.run.clients_of_tree(&[theirs.client])?.contact;
    let request = ExplainAccountRequest { account_id: theirs.account_id() };
    let seen = format!("{:?}", api.explain_account(request).await?.into_inner());
    assert!(seen.contains("policy count.person"), "{seen}");
    for name in ["ACME", "A-1", &*ours.account_id(), &*ours.party_id(0), &*ours.client.to_string()]
    {
        assert!(!seen.contains(name), "{name} is told to another client: {seen}");
    }

    world.at("2026-01-06T15:00:00Z").await?;
    assert!(world.propose(&theirs, 0).await?.attempt.is_some(), "the next day is another");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_clients_stricter_limits_bind_its_own_accounts() -> anyhow::Result<()> {
    let policy = "{agency: {touches_per_person_day: 9}, clients: {ACME: {calls_per_debt_7_days: 2, \
                  not_by: [mail]}}}";
    let world = World::open_under(policy).await?;
    let strict = Case::consumer("ACME", "A-1").phone("+12155550101");
    let plain = Case::consumer("OTHER", "O-1").phone("+12155550102");
    world.place(&[&strict, &plain]).await?;
    for hour in 16..18 {
        world.call(&strict, 0, Disposition::NoAnswer).await?;
        world.call(&plain, 0, Disposition::NoAnswer).await?;
        world.at(&format!("2026-01-05T{hour}:00:00Z")).await?;
    }
    let said = world.answer(&strict).await?;
    assert_eq!(said.verdict(), Verdict::Defer);
    assert!(authorities(&said).contains(&"policy limits.calls_per_debt"), "{said:?}");
    assert!(world.propose(&plain, 0).await?.attempt.is_some());

    let by_mail = |case: &Case| DecideRequest {
        account_id: case.account_id(),
        party_id: case.party_id(0),
        channel: Channel::Mail.into(),
        at: None,
    };
    let said = world.api.clone().decide(by_mail(&strict)).await?.into_inner();
    let said = said.decision.unwrap_or_default();
    assert_eq!(said.verdict(), Verdict::Refuse);
    assert!(authorities(&said).contains(&"policy limits.not_by"), "{said:?}");
    let said = world.api.clone().decide(by_mail(&plain)).await?.into_inner();
    assert_eq!(said.decision.unwrap_or_default().verdict(), Verdict::Allow);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn where_a_licence_is_needed_and_missing_nobody_is_called_and_where_that_is_unknown_neither()
-> anyhow::Result<()> {
    let licences = "licences: [{region: {state: WI}, class: consumer, from: 2020-01-01}, \
                    {region: {state: FL}, from: 2020-01-01, to: 2026-01-04}]";
    let world = World::open_under(licences).await?;
    let case = |no: &str, state: &str, zip: &str, phone: &str| {
        Case::consumer("ACME", no).lives(state, zip).phone(phone)
    };
    let licensed = case("L-1", "WI", "53202", "+14145550101");
    let expired = case("L-2", "FL", "32801", "+14075550101");
    let unlicensed = case("L-3", "MI", "48226", "+13135550101");
    // Nobody has confirmed that Pennsylvania needs none.
    let unknown = case("L-4", "PA", "19103", "+12155550101");
    // And Kentucky needs none.
    let free = case("L-5", "KY", "40202", "+15025550101");
    world.place(&[&licensed, &expired, &unlicensed, &unknown, &free]).await?;
    for (case, authority) in [
        (&expired, "Fla. Stat. 559.553"),
        (&unlicensed, "MCL 339.907"),
        (&unknown, "unverified licence.PA.consumer"),
    ] {
        let said = world.answer(case).await?;
        assert_eq!(said.verdict(), Verdict::Refuse, "{said:?}");
        assert!(authorities(&said).contains(&authority), "{said:?}");
        assert!(said.rule_packs.contains(&"licence@1".to_owned()));
    }
    for case in [&licensed, &free] {
        let said = world.propose(case, 0).await?;
        assert!(said.attempt.is_some(), "{:?}", said.decision);
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_table_no_licence_is_asked_for_and_the_decision_keeps_that() -> anyhow::Result<()>
{
    let world = World::open_under(DEFAULTS).await?;
    let case = Case::consumer("ACME", "A-1").lives("MI", "48226").phone("+13135550101");
    world.place(&[&case]).await?;
    let said = world.propose(&case, 0).await?;
    assert!(said.attempt.is_some(), "{:?}", said.decision);
    assert_eq!(
        world
            .count(
                "SELECT count(*) FROM decision
                 WHERE facts->'facts'->'limits'->0->'licences_checked' = 'false'"
            )
            .await?,
        1
    );
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_lifted_opt_out_has_still_ended_the_consent_before_it() -> anyhow::Result<()> {
    let world = World::open_under(DEFAULTS).await?;
    let email = "ann@example.com";
    let case = Case::consumer("ACME", "A-1").phone("+12155550101").email(email);
    world.place(&[&case]).await?;
    let consent = |what: ConsentFor| {
        let mut request = RecordConsentRequest {
            request_id: request_id(),
            party_id: case.party_id(0),
            account_id: case.account_id(),
            address: email.to_owned(),
            evidence: "recording 77".to_owned(),
            ..Default::default()
        };
        request.set_what(what);
        request.set_given_to(GivenTo::Agency);
        request
    };
    let verdict = async || -> anyhow::Result<(Verdict, Vec<String>)> {
        let request = DecideRequest {
            account_id: case.account_id(),
            party_id: case.party_id(0),
            channel: Channel::Email.into(),
            at: None,
        };
        let said = world.api.clone().decide(request).await?.into_inner();
        let said = said.decision.unwrap_or_default();
        Ok((said.verdict(), said.reasons.into_iter().map(|reason| reason.rule).collect()))
    };
    world.api.clone().record_consent(consent(ConsentFor::Email)).await?;
    let before = verdict().await?;
    assert!(!before.1.contains(&"email_path".to_owned()), "{before:?}");

    let stop = world.opt_out(&case, Channel::Email, email).await?;
    world.tick().await?;
    let (request_id, reason) = (request_id(), "a mistake".to_owned());
    let lift = LiftStopRequest { request_id, stop_id: stop.stop_id, reason };
    world.api.clone().lift_stop(lift).await?;
    world.tick().await?;
    let after = verdict().await?;
    assert!(after.1.contains(&"email_path".to_owned()), "{after:?}");

    world.api.clone().record_consent(consent(ConsentFor::Email)).await?;
    world.tick().await?;
    let again = verdict().await?;
    assert!(!again.1.contains(&"email_path".to_owned()), "a new consent stands: {again:?}");
    world.close().await
}
