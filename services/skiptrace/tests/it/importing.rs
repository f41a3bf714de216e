//! A provider's answers: what they become, and what is done about broken ones.

use duly_platform::error::{reason_of, violations_of};
use duly_proto::{
    common::v1::TreatmentKind::{Scrub, Trace},
    skiptrace::v1::{
        Event, HitKind, ImportResultsRequest, ListFindingsRequest, SearchState, event::Fact,
        finding::Found, found_point::Point,
    },
};
use duly_testkit::{cents, day, request_id, told};

use crate::world::{Account, World};

/// A world with one scrub and one trace that are asked.
async fn asked() -> anyhow::Result<(World, Account, Account)> {
    let world = World::begin().await?;
    let (scrub, trace) = (world.account(), world.account());
    world.place(scrub, "A-1").await?;
    world.place(trace, "A-2").await?;
    world.treat(scrub, scrub.party, Scrub, 3).await?;
    world.treat(trace, trace.party, Trace, 3).await?;
    world.tick().await?;
    Ok((world, scrub, trace))
}

async fn completed(world: &World) -> anyhow::Result<Vec<Fact>> {
    world.run.settle().await?;
    Ok(told::<Event>(&world.set).await?.into_iter().filter_map(|event| event.fact).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_is_told_once_with_its_provenance_and_cost() -> anyhow::Result<()> {
    let (world, scrub, trace) = asked().await?;
    let (hit, point) = (world.search_of(scrub).await?, world.search_of(trace).await?);
    let lines = format!(
        "{},bankruptcy,2026-01-03,26-10231 SDOH,7,,\n{},phone,,,,+16175550142,80\n",
        hit.reference, point.reference
    );
    let answer = world.import(&lines).await?;
    assert_eq!((answer.lines, answer.answered, answer.repeated_lines), (2, 2, 0), "{answer:?}");
    assert!(answer.bad_lines.is_empty());
    let facts = completed(&world).await?;
    assert_eq!(facts.len(), 2, "{facts:?}");
    for fact in &facts {
        match fact {
            Fact::ScrubCompleted(fact) => {
                assert_eq!((fact.search_id.as_str(), fact.opening), (hit.search_id.as_str(), 1));
                assert!(!fact.treatment_id.is_empty());
                assert_eq!((fact.provider.as_str(), fact.cost.clone()), ("file", Some(cents(10))));
                let found = &fact.hits[0];
                assert_eq!((found.kind(), found.chapter), (HitKind::Bankruptcy, 7));
                assert_eq!(found.since, Some(day("2026-01-03")));
            }
            Fact::TraceCompleted(fact) => {
                assert_eq!(fact.points[0].confidence, 80);
                assert_eq!(fact.points[0].point, Some(Point::Phone("+16175550142".into())));
            }
            Fact::TraceRefused(fact) => panic!("{fact:?}"),
        }
    }
    assert_eq!(world.search_of(scrub).await?.state(), SearchState::Answered);
    let request = ListFindingsRequest { account_id: scrub.id.to_string(), page: None };
    let found = world.manager()?.list_findings(request).await?.into_inner().findings;
    assert_eq!(found.len(), 1, "{found:?}");
    assert!(matches!(&found[0].found, Some(Found::Hit(hit)) if hit.detail == "26-10231 SDOH"));
    assert!(found[0].found_at.is_some());

    let digest = world.run.digest().await?;
    let again = world.import(&lines).await?;
    assert_eq!((again.lines, again.answered, again.repeated_lines), (2, 0, 2), "{again:?}");
    assert_eq!(completed(&world).await?.len(), 2);
    assert_eq!(world.run.digest().await?, digest);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_cannot_be_read_are_listed_and_the_others_count() -> anyhow::Result<()> {
    let (world, scrub, trace) = asked().await?;
    let (hit, point) = (world.search_of(scrub).await?, world.search_of(trace).await?);
    let lines = format!(
        "{0},nothing,,,,,\nSffffffffffffffffffff,nothing,,,,,\n{1},phone,,,,12,80\n{1},phone,,,,+16175550142,80\n",
        hit.reference, point.reference
    );
    let answer = world.import(&lines).await?;
    assert_eq!((answer.lines, answer.answered), (4, 1), "{answer:?}");
    let bad: Vec<_> = answer.bad_lines.iter().map(|b| (b.line, b.field.as_str())).collect();
    assert_eq!(bad, [(3, "reference"), (4, "phone"), (5, "reference")]);
    assert_eq!(world.search_of(trace).await?.state(), SearchState::Asked);
    // The mended file answers what was left.
    let mended =
        format!("{0},nothing,,,,,\n{1},phone,,,,+16175550142,80\n", hit.reference, point.reference);
    let answer = world.import(&mended).await?;
    assert_eq!((answer.answered, answer.repeated_lines), (1, 1), "{answer:?}");
    let facts = completed(&world).await?;
    assert!(
        matches!(&facts[..], [Fact::ScrubCompleted(s), Fact::TraceCompleted(t)]
                     if s.hits.is_empty() && t.points.len() == 1),
        "{facts:?}"
    );
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_scrub_finds_no_phone_and_a_trace_no_bankruptcy() -> anyhow::Result<()> {
    let (world, scrub, trace) = asked().await?;
    let (hit, point) = (world.search_of(scrub).await?, world.search_of(trace).await?);
    let lines =
        format!("{},phone,,,,+16175550142,80\n{},deceased,,,,,\n", hit.reference, point.reference);
    let answer = world.import(&lines).await?;
    assert_eq!(answer.answered, 0);
    let reasons: Vec<_> = answer.bad_lines.iter().map(|b| b.reason.as_str()).collect();
    assert!(
        reasons[0].contains("names a scrub") && reasons[1].contains("names a trace"),
        "{reasons:?}"
    );
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn what_the_provider_cannot_answer_is_refused_and_costs_nothing() -> anyhow::Result<()> {
    let (world, _, trace) = asked().await?;
    let search = world.search_of(trace).await?;
    assert_eq!(world.spent().await?, 160);
    let line = format!("{},failed,,no hit key,,,\n", search.reference);
    assert_eq!(world.import(&line).await?.answered, 1);
    world.run.settle().await?;
    assert_eq!(world.refusals().await?, ["provider_failed"]);
    assert_eq!(world.spent().await?, 10);
    assert_eq!(world.import(&line).await?.repeated_lines, 1);
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_that_comes_late_still_counts() -> anyhow::Result<()> {
    let (world, scrub, _) = asked().await?;
    let search = world.search_of(scrub).await?;
    world.days(4).await?;
    assert_eq!(world.refusals().await?, ["expired", "expired"]);
    let answer = world.import(&format!("{},deceased,2026-01-02,,,,\n", search.reference)).await?;
    assert_eq!(answer.answered, 1, "{answer:?}");
    assert_eq!(world.search_of(scrub).await?.state(), SearchState::Answered);
    assert!(completed(&world).await?.iter().any(|f| matches!(f, Fact::ScrubCompleted(_))));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_file_that_is_none_is_one_clear_error() -> anyhow::Result<()> {
    let world = World::begin().await?;
    let import = async |provider: &str, content: &[u8]| {
        let request = ImportResultsRequest {
            request_id: request_id(),
            provider: provider.into(),
            file_name: "x".into(),
            content: content.to_vec(),
        };
        let refusal = world.manager()?.import_results(request).await.expect_err("it is broken");
        assert_eq!(reason_of(&refusal).as_deref(), Some("invalid_input"), "{refusal:?}");
        let violations = violations_of(&refusal);
        assert_eq!(violations.len(), 1, "{violations:?}");
        anyhow::Ok(format!("{} {}", violations[0].field, violations[0].reason))
    };
    assert!(import("file", b"").await?.starts_with("content is empty"));
    assert!(import("file", b"%PDF-1.7").await?.starts_with("content has an unknown column"));
    assert!(import("file", b"reference,result\n\xff\xfe").await?.contains("not UTF-8 in line 2"));
    assert!(import("acme", b"reference,result\n").await?.starts_with("provider is none"));
    let unclosed = import("file", &vec![b','; 5 * 1024 * 1024]).await?;
    assert!(unclosed.contains("is larger than"), "{unclosed}");
    world.end().await
}
