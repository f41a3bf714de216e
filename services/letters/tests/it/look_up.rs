//! Lists, counts, previews, and what a client sees of them.

use duly_domain::IdSource as _;
use duly_platform::Role;
use duly_proto::{
    common::v1::{Channel, PageRequest},
    letters::v1::{
        CountLettersRequest, GetLetterPdfRequest, GetLetterRequest, LetterState,
        ListBatchesRequest, ListLettersRequest, MarkMailedRequest, PreviewLetterRequest,
        RecordReturnedRequest,
    },
};
use tonic::Code;

use crate::world::{Claim, World};

#[tokio::test(flavor = "multi_thread")]
async fn a_client_sees_its_own_letters_by_every_method() -> anyhow::Result<()> {
    let world = World::open().await?;
    let (ours, theirs) = (Claim::commercial("ACME", "A-1"), Claim::commercial("OTHER", "O-1"));
    for claim in [&ours, &theirs] {
        world.place(claim).await?;
        world.treat(claim, "commercial_demand", Channel::Mail).await?;
    }
    world.advance(15).await?;
    let letters = world.prepared().await?;
    let of = |claim: &Claim| {
        let letter = letters.iter().find(|letter| letter.account_id == claim.id.to_string());
        letter.unwrap().letter_id.clone()
    };
    let mut api = world.run.clients_of_tree(&[ours.client])?.letters;
    let seen = api.list_letters(ListLettersRequest::default()).await?.into_inner().letters;
    assert_eq!(seen.iter().map(|l| l.letter_id.clone()).collect::<Vec<_>>(), [of(&ours)]);
    let by_account = ListLettersRequest { account_id: theirs.id.to_string(), ..Default::default() };
    assert!(api.list_letters(by_account).await?.into_inner().letters.is_empty());
    let counts = api.count_letters(CountLettersRequest {}).await?.into_inner().counts;
    assert_eq!(counts.iter().map(|count| (count.count, count.pages)).collect::<Vec<_>>(), [(1, 2)]);
    let get = |letter_id: String| GetLetterRequest { letter_id };
    let pdf = |letter_id: String| GetLetterPdfRequest { letter_id };
    api.get_letter(get(of(&ours))).await?;
    api.get_letter_pdf(pdf(of(&ours))).await?;
    assert_eq!(api.get_letter(get(of(&theirs))).await.unwrap_err().code(), Code::NotFound);
    assert_eq!(api.get_letter_pdf(pdf(of(&theirs))).await.unwrap_err().code(), Code::NotFound);
    let denied = [
        api.list_batches(ListBatchesRequest::default()).await.unwrap_err(),
        api.preview_letter(PreviewLetterRequest::default()).await.unwrap_err(),
        api.mark_mailed(MarkMailedRequest::default()).await.unwrap_err(),
        api.record_returned(RecordReturnedRequest::default()).await.unwrap_err(),
    ];
    assert!(denied.iter().all(|status| status.code() == Code::PermissionDenied), "{denied:?}");
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_have_pages_and_filters() -> anyhow::Result<()> {
    let world = World::open().await?;
    for reference in ["A-1", "A-2", "A-3"] {
        let claim = Claim::commercial("ACME", reference);
        world.place(&claim).await?;
        world.treat(&claim, "commercial_demand", Channel::Mail).await?;
    }
    world.advance(15).await?;
    let mut api = world.api.clone();
    let mut page = PageRequest { page_size: 2, page_token: String::new() };
    let mut seen = Vec::new();
    loop {
        let request = ListLettersRequest { page: Some(page.clone()), ..Default::default() };
        let answer = api.list_letters(request).await?.into_inner();
        seen.extend(answer.letters.into_iter().map(|letter| letter.letter_id));
        page.page_token = answer.page.unwrap().next_page_token;
        if page.page_token.is_empty() {
            break;
        }
    }
    assert_eq!(seen.len(), 3);
    let mut mailed = ListLettersRequest::default();
    mailed.set_state(LetterState::Mailed);
    assert!(api.list_letters(mailed).await?.into_inner().letters.is_empty());
    world.close().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_preview_shows_the_letter_or_what_it_lacks_and_keeps_nothing() -> anyhow::Result<()> {
    let world = World::open().await?;
    let claim = Claim::commercial("ACME", "A-1");
    let bare = Claim::consumer("ACME", "C-1").change(|f| f.liable_parties[0].address = None);
    world.place(&claim).await?;
    world.place(&bare).await?;
    let mut api = world.run.clients(Role::Collector)?.letters;
    let preview = |claim: &Claim, template: &str| PreviewLetterRequest {
        account_id: claim.id.to_string(),
        party_id: claim.parties[0].to_string(),
        template: template.to_owned(),
    };
    let shown = api.preview_letter(preview(&claim, "commercial_demand")).await?.into_inner();
    assert!(shown.pdf.starts_with(b"%PDF") && shown.pages == 2 && shown.missing.is_empty());
    let lacks = api.preview_letter(preview(&bare, "validation_notice")).await?.into_inner();
    assert!(lacks.pdf.is_empty());
    assert_eq!(lacks.missing, ["liable_party.address"]);
    let code = |status: tonic::Status| status.code();
    let template = api.preview_letter(preview(&claim, "final_demand")).await.map_err(code);
    assert_eq!(template.unwrap_err(), Code::InvalidArgument);
    let young = PreviewLetterRequest {
        account_id: duly_domain::AccountId::from_uuid(duly_platform::SystemIds.uuid()).to_string(),
        ..preview(&claim, "commercial_demand")
    };
    assert_eq!(api.preview_letter(young).await.map_err(code).unwrap_err(), Code::Unavailable);
    assert!(world.told().await?.is_empty());
    world.close().await
}
