//! A client principal sees its own tree, and nothing tells it that there is more.

use duly_domain::ClientId;
use duly_platform::{Role, error::reason_of};
use duly_proto::intake::v1::{
    AccountKey, CloseAccountRequest, GetAccountRequest, GetBatchRequest, GetClientRequest,
    ListAccountsRequest, ListAcknowledgementsRequest, ListClientsRequest, RecallAccountRequest,
    get_account_request::Key as OfAccount, get_client_request::Key as OfClient,
};
use duly_testkit::{Clients, adjust, client, place, placement, request_id};
use tonic::{Code, Status};

use crate::support::{Wire, World, open, refused};

const NO_CLIENT: &str = "clnt_00000000000000000000000000000001";
const NO_BATCH: &str = "btch_00000000000000000000000000000001";
const NO_ACCOUNT: &str = "acct_00000000000000000000000000000001";

/// Two clients with an account each; the second one's ids; the first one's clients.
struct Two {
    world: World,
    foreign_client: String,
    foreign_batch: String,
    foreign_account: String,
    own: Clients,
}

async fn two() -> anyhow::Result<Two> {
    let mut world = World::new().await?;
    let acme = world.put(client("ACME")).await?;
    world.put(client("ACME-EAST").under("ACME")).await?;
    let rival = world.put(client("RIVAL")).await?;
    world.place("own", vec![placement("A-1").build()]).await?;
    let records = vec![placement("R-1").build()];
    let foreign = place(&mut world.api.intake, open("RIVAL", "b"), records, 500).await?;
    let tree: Vec<ClientId> = vec![acme.client_id.parse()?];
    let own = world.run.clients_of_tree(&tree)?;
    Ok(Two {
        foreign_client: rival.client_id,
        foreign_batch: foreign.batch.batch_id.clone(),
        foreign_account: foreign.account_id("R-1")?,
        own,
        world,
    })
}

/// What a caller can see of a refusal.
fn seen<T: std::fmt::Debug>(outcome: Result<T, Status>) -> (Code, Option<String>, String) {
    let status = outcome.expect_err("it is refused");
    (status.code(), reason_of(&status), status.message().to_owned())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_foreign_id_answers_exactly_as_an_unknown_one() -> anyhow::Result<()> {
    let Two { world, foreign_client, foreign_batch, foreign_account, mut own } = two().await?;
    let own = &mut own.intake;
    let by_id = |id: &str| GetClientRequest { key: Some(OfClient::ClientId(id.into())) };
    let by_ref = |text: &str| GetClientRequest { key: Some(OfClient::ClientRef(text.into())) };
    let batch = |id: &str| GetBatchRequest { batch_id: id.into() };
    let answers = |id: &str| ListAcknowledgementsRequest {
        batch_id: id.into(),
        ..ListAcknowledgementsRequest::default()
    };
    let account = |id: &str| GetAccountRequest { key: Some(OfAccount::AccountId(id.into())) };
    let key = |client: &str, reference: &str| GetAccountRequest {
        key: Some(OfAccount::ClientKey(AccountKey {
            client_ref: client.into(),
            client_account_ref: reference.into(),
        })),
    };
    let recall = |id: &str| RecallAccountRequest {
        request_id: request_id(),
        account_id: id.into(),
        reason: String::new(),
    };
    let pairs = [
        (
            seen(own.get_client(by_id(&foreign_client)).await),
            seen(own.get_client(by_id(NO_CLIENT)).await),
        ),
        (seen(own.get_client(by_ref("RIVAL")).await), seen(own.get_client(by_ref("NONE")).await)),
        (
            seen(own.get_batch(batch(&foreign_batch)).await),
            seen(own.get_batch(batch(NO_BATCH)).await),
        ),
        (
            seen(own.list_acknowledgements(answers(&foreign_batch)).await),
            seen(own.list_acknowledgements(answers(NO_BATCH)).await),
        ),
        (
            seen(own.get_account(account(&foreign_account)).await),
            seen(own.get_account(account(NO_ACCOUNT)).await),
        ),
        (
            seen(own.get_account(key("RIVAL", "R-1")).await),
            seen(own.get_account(key("NONE", "R-1")).await),
        ),
        (
            seen(own.adjust_account(adjust(&foreign_account, "-1.00")).await),
            seen(own.adjust_account(adjust(NO_ACCOUNT, "-1.00")).await),
        ),
        (
            seen(own.recall_account(recall(&foreign_account)).await),
            seen(own.recall_account(recall(NO_ACCOUNT)).await),
        ),
        (
            seen(Wire::open(own, open("RIVAL", "b")).await.map(|_| ())),
            seen(Wire::open(own, open("NONE", "b")).await.map(|_| ())),
        ),
    ];
    for (foreign, unknown) in pairs {
        assert_eq!(foreign, unknown);
        assert_eq!(foreign.0, Code::NotFound);
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn lists_hold_the_own_tree_only() -> anyhow::Result<()> {
    let Two { world, foreign_client, foreign_batch, mut own, .. } = two().await?;
    let clients = own.intake.list_clients(ListClientsRequest::default()).await?.into_inner();
    let refs: Vec<&str> = clients.clients.iter().map(|c| c.client_ref.as_str()).collect();
    // The token's tree is what counts: it names ACME alone.
    assert_eq!(refs, ["ACME"]);
    let all = ListAccountsRequest::default();
    let accounts = own.intake.list_accounts(all.clone()).await?.into_inner().accounts;
    let refs: Vec<&str> = accounts.iter().map(|a| a.client_account_ref.as_str()).collect();
    assert_eq!(refs, ["A-1"]);
    for foreign in [
        ListAccountsRequest { client_id: foreign_client, ..all.clone() },
        ListAccountsRequest { batch_id: foreign_batch, ..all },
    ] {
        assert!(own.intake.list_accounts(foreign).await?.into_inner().accounts.is_empty());
    }
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_client_places_adjusts_and_recalls_in_its_tree() -> anyhow::Result<()> {
    let mut world = World::new().await?;
    let acme = world.put(client("ACME")).await?;
    let east = world.put(client("ACME-EAST").under("ACME")).await?;
    let mut own = world.run.clients_of_tree(&[acme.client_id.parse()?, east.client_id.parse()?])?;
    let records = vec![placement("E-1").build()];
    let placed = place(&mut own.intake, open("ACME-EAST", "b"), records, 500).await?;
    let id = placed.account_id("E-1")?;
    own.intake.adjust_account(adjust(&id, "-1.00")).await?;
    let recall = RecallAccountRequest {
        request_id: request_id(),
        account_id: id.clone(),
        reason: String::new(),
    };
    let recalled = own.intake.recall_account(recall).await?.into_inner().account.unwrap();
    assert_eq!((recalled.close_code.as_str(), recalled.version), ("RCL", 4));
    world.end().await
}

#[tokio::test(flavor = "multi_thread")]
async fn roles_do_what_the_table_says() -> anyhow::Result<()> {
    let Two { world, foreign_account, mut own, .. } = two().await?;
    let close = || CloseAccountRequest {
        request_id: request_id(),
        account_id: foreign_account.clone(),
        close_code: "UNC".into(),
        reason: String::new(),
    };
    refused(own.intake.close_account(close()).await, Code::PermissionDenied, "role_denied");
    refused(
        own.intake.put_client(client("X").build()).await,
        Code::PermissionDenied,
        "role_denied",
    );
    for role in [Role::Collector, Role::Accounting] {
        let mut api = world.run.clients(role)?;
        refused(api.intake.close_account(close()).await, Code::PermissionDenied, "role_denied");
        let outcome = Wire::open(&mut api.intake, open("ACME", "b")).await.map(|_| ());
        refused(outcome, Code::PermissionDenied, "role_denied");
        let request = adjust(&foreign_account, "-1.00");
        refused(api.intake.adjust_account(request).await, Code::PermissionDenied, "role_denied");
        let found = api.intake.list_accounts(ListAccountsRequest::default()).await?.into_inner();
        assert_eq!(found.accounts.len(), 2);
    }
    world.run.clients(Role::Compliance)?.intake.close_account(close()).await?;
    world.end().await
}
