//! Consents, designations and dated facts: kept with their evidence, shown to the guard, and ended beside
//! what they ended.

use chrono::TimeDelta;
use duly_platform::{Role, error::reason_of};
use duly_proto::{
    contact::v1::{
        self as contact, AddPointRequest, ConsentFor, GivenTo, LiftDesignationRequest, LineType,
        ListConsentsRequest, ListDesignationsRequest, ListFactsRequest, Medium, Place,
        RecordConsentRequest, RecordDesignationRequest, RecordFactRequest, Times,
        WithdrawConsentRequest, add_point_request::Point, designation, record_designation_request,
    },
    convert::timestamp,
    intake::v1::KnownFactKind,
    letters::v1::Certainty,
    payments::v1::{self as payments, event::Fact as Payments},
};
use duly_testkit::{day, request_id};
use serde_json::{Value, json};
use tonic::{Code, Status};

use crate::world::{BEGIN, Case, World, at};

fn consent(case: &Case, what: ConsentFor) -> RecordConsentRequest {
    let mut request = RecordConsentRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        evidence: "said so on the phone, recording 77".to_owned(),
        ..Default::default()
    };
    request.set_what(what);
    request.set_given_to(GivenTo::Agency);
    request
}

fn fact(case: &Case, kind: &str) -> RecordFactRequest {
    let mut request = RecordFactRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        account_id: case.account_id(),
        ..Default::default()
    };
    request.kind = kind.to_owned();
    request
}

fn designation(case: &Case, kind: record_designation_request::Kind) -> RecordDesignationRequest {
    RecordDesignationRequest {
        request_id: request_id(),
        party_id: case.party_id(0),
        kind: Some(kind),
        evidence: "told the collector".to_owned(),
        ..Default::default()
    }
}

impl World {
    /// The facts of the guard's last decision that was kept.
    pub async fn last_facts(&self) -> anyhow::Result<Value> {
        let mut conn = self.set.connect_to(&self.set.schema("contact")).await?;
        let sql = "SELECT facts -> 'facts' FROM decision ORDER BY decision_id DESC LIMIT 1";
        Ok(sqlx::query_scalar(sql).fetch_one(&mut conn).await?)
    }

    pub async fn record(&self, request: RecordFactRequest) -> Result<contact::DatedFact, Status> {
        let answer = self.api.clone().record_fact(request).await?.into_inner();
        Ok(answer.fact.unwrap_or_default())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_is_kept_with_its_evidence_and_its_withdrawal_beside_it() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let mut api = world.api.clone();
    let given_at = at(BEGIN) - TimeDelta::days(400);
    let request = RecordConsentRequest {
        address: "(215) 555-0101".to_owned(),
        account_id: case.account_id(),
        given_at: Some(timestamp(given_at)),
        ..consent(&case, ConsentFor::Text)
    };
    let kept = api.record_consent(request.clone()).await?.into_inner().consent.unwrap();
    assert_eq!((kept.address.as_str(), kept.source.as_str()), ("+12155550101", "manager"));
    assert_eq!(api.record_consent(request).await?.into_inner().consent.unwrap(), kept);
    // Names a number that we do not have: it means nothing until we have it.
    let other = RecordConsentRequest {
        address: "+12155550199".to_owned(),
        ..consent(&case, ConsentFor::Text)
    };
    api.record_consent(other).await?;
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    assert_eq!(facts["consents"].as_array().map(Vec::len), Some(1));
    assert_eq!(facts["consents"][0]["what"], json!("text"));
    assert_eq!(facts["consents"][0]["point"], facts["points"][1]["id"].clone());

    let early = WithdrawConsentRequest {
        request_id: request_id(),
        consent_id: kept.consent_id.clone(),
        withdrawn_at: Some(timestamp(given_at - TimeDelta::seconds(1))),
        ..Default::default()
    };
    let refused = api.withdraw_consent(early.clone()).await.unwrap_err();
    assert_eq!(refused.code(), Code::InvalidArgument);
    let withdraw = WithdrawConsentRequest { withdrawn_at: None, ..early };
    let withdraw = WithdrawConsentRequest { request_id: request_id(), ..withdraw };
    let ended = api.withdraw_consent(withdraw.clone()).await?.into_inner().consent.unwrap();
    assert_eq!(ended.withdrawn_at, Some(timestamp(at(BEGIN))));
    let twice = WithdrawConsentRequest { request_id: request_id(), ..withdraw };
    let twice = api.withdraw_consent(twice).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("consent_withdrawn"));
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    assert_eq!(facts["consents"][0]["withdrawn_at"], json!("2026-01-05T15:00:00Z"));

    let list = |with_withdrawn| ListConsentsRequest {
        account_id: case.account_id(),
        with_withdrawn,
        page: None,
    };
    assert_eq!(api.list_consents(list(false)).await?.into_inner().consents.len(), 1);
    assert_eq!(api.list_consents(list(true)).await?.into_inner().consents.len(), 2);
    assert_eq!(world.explain(&case).await?.consents.len(), 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_consent_that_says_too_little_or_what_cannot_be_is_refused() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let other = Case::consumer("ACME", "A-2");
    world.place(&[&case, &other]).await?;
    let good = || consent(&case, ConsentFor::MoreCalls);
    let now = at(BEGIN);
    let wrong = [
        RecordConsentRequest { what: 0, ..good() },
        RecordConsentRequest { given_to: 0, ..good() },
        RecordConsentRequest { evidence: " ".to_owned(), ..good() },
        consent(&case, ConsentFor::Email),
        RecordConsentRequest {
            medium: Medium::Mail.into(),
            address: "1 Main St".to_owned(),
            ..good()
        },
        RecordConsentRequest { given_at: Some(timestamp(now + TimeDelta::seconds(1))), ..good() },
        RecordConsentRequest {
            given_at: Some(prost_types::Timestamp { seconds: -1, nanos: 0 }),
            ..good()
        },
        RecordConsentRequest { until: Some(timestamp(now)), ..good() },
        RecordConsentRequest { account_id: other.account_id(), ..good() },
        RecordConsentRequest { party_id: String::new(), ..good() },
    ];
    for request in wrong {
        let refused = world.api.clone().record_consent(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    let nobody = RecordConsentRequest {
        party_id: "prty_00000000000000000000000000000001".to_owned(),
        ..good()
    };
    let refused = world.api.clone().record_consent(nobody).await.unwrap_err();
    assert_eq!(refused.code(), Code::NotFound);
    assert_eq!(world.count("SELECT count(*) FROM consent").await?, 0);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_designation_holds_until_it_is_lifted_with_a_reason() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let mut api = world.api.clone();
    let thursday = Times { weekdays: vec![4], from: "17:00".to_owned(), ..Default::default() };
    let kinds = [
        record_designation_request::Kind::Please(thursday.clone()),
        record_designation_request::Kind::EmployerForbids(contact::EmployerForbids {}),
        record_designation_request::Kind::NotAtPlace(Place::Work.into()),
        record_designation_request::Kind::NotAt(Times {
            until: "10:30".to_owned(),
            ..Default::default()
        }),
    ];
    let mut kept = Vec::new();
    for kind in kinds {
        let request = RecordDesignationRequest { oral: true, ..designation(&case, kind) };
        kept.extend(api.record_designation(request).await?.into_inner().designation);
    }
    assert_eq!(kept[0].kind, Some(designation::Kind::Please(thursday)));
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    let told = facts["designations"].as_array().cloned().unwrap_or_default();
    assert_eq!(told.len(), 4);
    assert_eq!(told[0]["kind"]["please"]["days"], json!(["Thu"]));
    assert!(told.iter().all(|told| told["oral"] == json!(true)));

    let lift = LiftDesignationRequest {
        request_id: request_id(),
        designation_id: kept[3].designation_id.clone(),
        reason: "works days now".to_owned(),
    };
    let mut collector = world.run.clients(Role::Collector)?.contact;
    let denied = collector.lift_designation(lift.clone()).await.unwrap_err();
    assert_eq!(denied.code(), Code::PermissionDenied);
    let silent = LiftDesignationRequest { reason: String::new(), ..lift.clone() };
    assert_eq!(api.lift_designation(silent).await.unwrap_err().code(), Code::InvalidArgument);
    let lifted = api.lift_designation(lift.clone()).await?.into_inner().designation.unwrap();
    assert_eq!(lifted.lift_reason, "works days now");
    let twice = LiftDesignationRequest { request_id: request_id(), ..lift };
    let twice = api.lift_designation(twice).await.unwrap_err();
    assert_eq!(reason_of(&twice).as_deref(), Some("stop_lifted"));
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    assert_eq!(facts["designations"].as_array().map(Vec::len), Some(3));
    let list = |with_lifted| ListDesignationsRequest { with_lifted, ..Default::default() };
    assert_eq!(api.list_designations(list(false)).await?.into_inner().designations.len(), 3);
    assert_eq!(api.list_designations(list(true)).await?.into_inner().designations.len(), 4);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn times_that_the_client_wrote_plainly_are_a_designation_and_others_a_hold()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let plain = Case::consumer("ACME", "A-1")
        .phone("+12155550101")
        .known(KnownFactKind::InconvenientTime, "weekdays 9:00-12:00; Sundays");
    let dark = Case::consumer("ACME", "A-2")
        .phone("+12155550102")
        .known(KnownFactKind::InconvenientTime, "works nights");
    world.place(&[&plain, &dark]).await?;
    world.propose(&plain, 0).await?;
    let facts = world.last_facts().await?;
    let told = facts["designations"].as_array().cloned().unwrap_or_default();
    assert_eq!(told.len(), 2);
    assert_eq!(told[0]["kind"]["not_at"]["from"], json!("09:00:00"));
    assert_eq!(facts["stops"].as_array().map_or(0, Vec::len), 0);
    let refused = world.propose(&dark, 0).await?.decision.unwrap();
    assert_eq!(refused.reasons[0].rule, "opt_out");
    assert_eq!(world.explain(&dark).await?.designations.len(), 0);
    assert_eq!(world.count("SELECT count(*) FROM wish").await?, 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_fact_that_frees_contact_by_law_is_recorded_by_who_answers_for_it() -> anyhow::Result<()>
{
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let permitted = || RecordFactRequest {
        stated_on: Some(day("2026-01-02")),
        ..fact(&case, "court_permitted")
    };
    let mut collector = world.run.clients(Role::Collector)?.contact;
    let denied = collector.record_fact(permitted()).await.unwrap_err();
    assert_eq!(reason_of(&denied).as_deref(), Some("fact_of_compliance"));
    let mut compliance = world.run.clients(Role::Compliance)?.contact;
    compliance.record_fact(permitted()).await?;
    collector.record_fact(fact(&case, "attorney_written")).await?;
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    let kinds: Vec<Value> = facts["events"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|event| event["kind"].clone())
        .collect();
    assert_eq!(kinds, [json!("attorney_written"), json!("court_permitted")]);
    let kept = compliance.list_facts(ListFactsRequest::default()).await?.into_inner().facts;
    assert_eq!(kept.len(), 2);

    let now = timestamp(at(BEGIN) + TimeDelta::minutes(1));
    let wrong = [
        fact(&case, ""),
        fact(&case, "nonsense"),
        fact(&case, "paid"),
        fact(&case, "validation_sent"),
        fact(&case, "disputed_orally"),
        RecordFactRequest { account_id: String::new(), ..permitted() },
        RecordFactRequest { address: "+12155550101".to_owned(), ..permitted() },
        fact(&case, "reassigned"),
        RecordFactRequest {
            address: "+12155550101".to_owned(),
            ..fact(&case, "creditor_notice_sent")
        },
        RecordFactRequest { at: Some(now), ..permitted() },
    ];
    for request in wrong {
        let refused = compliance.record_fact(request.clone()).await.unwrap_err();
        assert_eq!(refused.code(), Code::InvalidArgument, "{request:?}");
    }
    assert_eq!(world.count("SELECT count(*) FROM dated_fact").await?, 2);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_that_was_learned_to_be_anothers_is_not_called() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let client = Case::consumer("MILLS", "M-1").phone("+12155550101");
    world.place(&[&case, &client]).await?;
    let learned = RecordFactRequest {
        address: "215-555-0101".to_owned(),
        medium: Medium::Call.into(),
        ..fact(&case, "learned_wrong")
    };
    world.record(learned).await?;
    for case in [&case, &client] {
        let refused = world.propose(case, 0).await?.decision.unwrap();
        assert!(refused.reasons.iter().any(|r| r.rule == "usable_point"), "{refused:?}");
    }
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_letters_and_payments_tell_stands_as_dated_facts() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    let doubtful = Case::consumer("ACME", "A-2").phone("+12155550102");
    world.place(&[&case, &doubtful]).await?;
    let notice = world.letter(&case, 0).await?;
    let unknown = world.letter(&doubtful, 0).await?;
    world.at("2026-01-05T21:15:00Z").await?;
    world.mailed_until(&case, notice, "2026-02-11").await?;
    world.mailed(&doubtful, unknown, Certainty::Unknown).await?;
    world.returned(&case, notice).await?;
    let settled = payments::BalanceSettled {
        account_id: case.account_id(),
        opening: 1,
        settled_on: Some(day("2026-01-05")),
    };
    let settled = (case.meta(), Payments::BalanceSettled(settled));
    world.tell::<payments::Event>(vec![settled]).await?;
    let told = world.explain(&case).await?.facts;
    let kinds: Vec<(&str, &str)> =
        told.iter().map(|fact| (fact.kind.as_str(), fact.source.as_str())).collect();
    assert_eq!(
        kinds,
        [("validation_sent", "letters"), ("undeliverable", "letters"), ("paid", "payments")]
    );
    assert_eq!(told[0].stated_on, Some(day("2026-02-11")));
    assert_eq!(told[1].evidence, "moved");
    // What may not have left has told nobody anything.
    assert_eq!(world.explain(&doubtful).await?.facts, []);
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_known_of_a_point_is_shown_to_the_guard() -> anyhow::Result<()> {
    let world = World::open().await?;
    let case = Case::consumer("ACME", "A-1").phone("+12155550101");
    world.place(&[&case]).await?;
    let known = |point: Point| AddPointRequest {
        request_id: request_id(),
        account_id: case.account_id(),
        party_id: case.party_id(0),
        source: "debtor".to_owned(),
        point: Some(point),
        ..Default::default()
    };
    let mut api = world.api.clone();
    let mut phone = known(Point::Phone("+12155550101".to_owned()));
    phone.set_place(Place::Work);
    phone.set_line(LineType::Landline);
    api.add_point(phone).await?;
    // Told again without it, it stays known.
    api.add_point(known(Point::Phone("+12155550101".to_owned()))).await?;
    let mut email = known(Point::Email("ann@works.example".to_owned()));
    email.of_employer = Some(true);
    api.add_point(email.clone()).await?;
    email.set_line(LineType::Voip);
    email.request_id = request_id();
    assert_eq!(api.add_point(email).await.unwrap_err().code(), Code::InvalidArgument);
    world.propose(&case, 0).await?;
    let facts = world.last_facts().await?;
    let points = facts["points"].as_array().cloned().unwrap_or_default();
    let of = |kind: &str| points.iter().find(|point| point["kind"] == json!(kind)).cloned();
    let phone = of("phone").unwrap_or_default();
    assert_eq!((&phone["place"], &phone["line"]), (&json!("work"), &json!("landline")));
    assert_eq!(of("email").unwrap_or_default()["of_employer"], json!(true));
    world.close().await
}
