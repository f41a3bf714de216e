//! Where a person may be decides which states' and cities' rules judge real attempts.

use duly_proto::{
    contact::v1::{Decision, Disposition, ProposeCallResponse, Verdict},
    intake::v1::ClaimKind,
};

use crate::world::{Case, World};

/// Days on which a call is proposed, each at ten in the morning in New York.
const DAYS: [&str; 4] = ["2026-01-05", "2026-01-06", "2026-01-07", "2026-01-08"];

/// Calls each day, by voicemail, until one is not permitted: how many were made, and why not one more.
async fn calls_until_refused(
    world: &World,
    case: &Case,
) -> anyhow::Result<(usize, Option<Decision>)> {
    for (made, day) in DAYS.iter().enumerate() {
        world.at(&format!("{day}T15:00:00Z")).await?;
        let ProposeCallResponse { attempt, decision, .. } = world.propose(case, 0).await?;
        let Some(attempt) = attempt else { return Ok((made, decision)) };
        world.conclude(&attempt.attempt_id, Disposition::Voicemail).await?;
    }
    Ok((DAYS.len(), None))
}

fn authorities(decision: &Decision) -> Vec<&str> {
    decision.reasons.iter().map(|reason| reason.authority.as_str()).collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn two_contacts_a_week_reach_a_person_of_new_york_city_and_more_one_of_philadelphia()
-> anyhow::Result<()> {
    let near = [
        // By the address, and by the area code of a number that may have moved.
        Case::consumer("ACME", "N-1").lives("NY", "10001").phone("+12155550101"),
        Case::consumer("ACME", "N-2").phone("+12125550102"),
    ];
    for case in near {
        let world = World::open().await?;
        world.place(&[&case]).await?;
        let (made, refused) = calls_until_refused(&world, &case).await?;
        let refused = refused.expect("the third is not permitted");
        assert_eq!(made, 2, "{refused:?}");
        assert_eq!(refused.verdict(), Verdict::Defer);
        let said = authorities(&refused);
        assert!(said.contains(&"6 RCNY 5-77(b)(1)(iv)"), "{said:?}");
        assert!(refused.rule_packs.contains(&"city.nyc@1".to_owned()), "{refused:?}");
        world.close().await?;
    }
    let world = World::open().await?;
    let far = Case::consumer("ACME", "N-3").phone("+12155550103");
    world.place(&[&far]).await?;
    let (made, refused) = calls_until_refused(&world, &far).await?;
    assert_eq!((made, refused), (DAYS.len(), None));
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_number_learned_to_be_wrong_takes_its_state_along() -> anyhow::Result<()> {
    let world = World::open().await?;
    // Massachusetts by the second number only: two calls in seven days.
    let case = Case::consumer("ACME", "W-1").phone("+12155550101").phone("+16175550102");
    world.place(&[&case]).await?;
    let (made, refused) = calls_until_refused(&world, &case).await?;
    assert_eq!(made, 2);
    let refused = refused.expect("the third is not permitted");
    assert!(authorities(&refused).contains(&"209 CMR 18.16(1)(d)"), "{refused:?}");

    world
        .record(duly_proto::contact::v1::RecordFactRequest {
            request_id: duly_testkit::request_id(),
            party_id: case.party_id(0),
            account_id: case.account_id(),
            kind: "learned_wrong".to_owned(),
            medium: duly_proto::contact::v1::Medium::Call.into(),
            address: "+16175550102".to_owned(),
            ..Default::default()
        })
        .await?;
    assert!(world.propose(&case, 0).await?.attempt.is_some(), "nothing points at the state now");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn in_nevada_a_medical_claim_waits_for_its_notice_and_one_of_goods_does_not()
-> anyhow::Result<()> {
    let world = World::open().await?;
    let here = |no: &str, phone: &str| Case::consumer("ACME", no).lives("NV", "89101").phone(phone);
    let medical = here("V-1", "+17025550101").arose_from(ClaimKind::Medical);
    let goods = here("V-2", "+17025550102").arose_from(ClaimKind::Goods);
    let unknown = here("V-3", "+17025550103");
    world.place(&[&medical, &goods, &unknown]).await?;
    // Noon in New York: nine in Las Vegas.
    world.at("2026-01-05T18:00:00Z").await?;
    let said = world.propose(&medical, 0).await?.decision.expect("a decision");
    assert_eq!(said.verdict(), Verdict::Refuse);
    assert!(authorities(&said).contains(&"NRS 649.366"), "{said:?}");
    let said = world.propose(&unknown, 0).await?.decision.expect("a decision");
    assert_eq!(said.verdict(), Verdict::Refuse);
    assert!(authorities(&said).contains(&"policy state.nv.kind_unknown"), "{said:?}");
    assert!(world.propose(&goods, 0).await?.attempt.is_some());
    world.close().await
}
