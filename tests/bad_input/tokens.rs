//! Callers without a token that holds, and messages that are too large or none at all.

use std::time::{Duration, SystemTime};

use duly_platform::{
    Principal, Role,
    auth::{Bearer, Signer},
    error::reason_of,
};
use duly_proto::intake::v1::{
    ListClientsRequest, PlaceChunk, PlaceOpen, PlaceRequest, PutClientRequest,
    intake_service_client::IntakeServiceClient, place_request::Message,
};
use duly_testkit::{client, placement};
use jsonwebtoken::{Algorithm, EncodingKey, Header};
use prost::Message as _;
use tonic::{
    Code, Request, Status,
    client::Grpc,
    metadata::MetadataValue,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

use super::{
    program::run,
    world::{Counted, World},
};

type Intake = IntakeServiceClient<InterceptedService<Channel, Bearer>>;

/// Calls with this token.
fn bearing(world: &World, token: &str) -> anyhow::Result<Intake> {
    let channel = channel(world)?;
    Ok(IntakeServiceClient::with_interceptor(channel, Bearer::new(token)?))
}

fn channel(world: &World) -> anyhow::Result<Channel> {
    Ok(Endpoint::from_shared(format!("http://{}", world.served.grpc))?.connect_lazy())
}

fn manager() -> Principal {
    Principal { subject: "ann".into(), role: Role::Manager, tree: Vec::new() }
}

/// Rightly signed an hour ago, for an hour that is over.
fn expired(world: &World) -> anyhow::Result<String> {
    let now = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)?.as_secs();
    let claims = serde_json::json!({
        "sub": "ann", "role": "manager", "iat": now - 3700, "exp": now - 100, "iss": "duly", "aud": "duly",
    });
    let key = world.set.config().token_private_key.as_ref().expect("a set has keys");
    let key = EncodingKey::from_ed_pem(key.expose().as_bytes())?;
    Ok(jsonwebtoken::encode(&Header::new(Algorithm::EdDSA), &claims, &key)?)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_token_that_does_not_hold_is_refused_with_the_reason_and_never_repeated()
-> anyhow::Result<()> {
    let world = World::new().await?;
    let forged = Signer::from_pem(&Signer::generate().private)?
        .sign(&manager(), Duration::from_secs(600))?;
    let good = world.set.token(&manager())?;
    let garbled = format!("{}A{}", &good[..good.len() / 2], &good[good.len() / 2 + 1..]);
    let cases = [
        (expired(&world)?, "token_expired", "token expired"),
        (forged, "token_forged", "not signed with the key of this installation"),
        (garbled, "token_forged", "not signed with the key of this installation"),
        ("not.a.token".to_owned(), "token_malformed", "malformed token"),
    ];
    for (token, reason, words) in &cases {
        let refused = bearing(&world, token)?.list_clients(ListClientsRequest::default()).await;
        let status = refused.expect_err("nobody is let in with it");
        assert_eq!(status.code(), Code::Unauthenticated, "{status:?}");
        assert_eq!(reason_of(&status).as_deref(), Some(*reason), "{status:?}");
        let said = status.message();
        assert!(said.contains(words) && said.contains("duly token"), "{said}");
        assert!(!said.contains(token), "the token is repeated: {said}");

        let server = format!("http://{}", world.served.grpc);
        let args = ["clients", "list", "--server", &server, "--token", token];
        let said = run(world.duly().args(args)).await?;
        said.refused(&[words, "ask for a new one with duly token", reason]);
        said.keeps_to_itself(&[token]);
    }
    let mut nobody = IntakeServiceClient::new(channel(&world)?);
    let refused = nobody.list_clients(ListClientsRequest::default()).await;
    let status = refused.expect_err("nobody is let in without one");
    assert_eq!(reason_of(&status).as_deref(), Some("token_missing"));
    assert!(status.message().contains("authorization: Bearer"), "{status}");

    // Without a key there is nothing to sign with.
    let mut keyless = world.duly();
    let keyless = keyless.env_remove("DULY_TOKEN_PRIVATE_KEY").args(["token", "--role", "manager"]);
    run(keyless).await?.refused(&["no private key", "set DULY_TOKEN_PRIVATE_KEY", "--new-keys"]);

    // Who came with a good one goes on.
    bearing(&world, &good)?.list_clients(ListClientsRequest::default()).await?;
    let log = world.end().await?;
    for (token, ..) in &cases {
        assert!(!log.contains(token), "the log has {token}");
    }
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_message_too_large_or_malformed_is_refused_and_the_rest_stands() -> anyhow::Result<()> {
    const BYTES: usize = 9 * 1024 * 1024;
    let world = World::new().await?;
    world.put("ACME").await?;
    let mut intake = world.api.intake.clone();

    let huge = PutClientRequest { name: "N".repeat(BYTES), ..client("HUGE").build() };
    let status = intake.put_client(huge).await.expect_err("it is over the limit");
    too_large(&status);

    // In a stream what was answered before it stands, and the batch goes on behind it.
    let open =
        PlaceOpen { client_ref: "ACME".into(), batch_key: "limit".into(), ..PlaceOpen::default() };
    let chunk = |chunk_no, placement| {
        let record = duly_proto::intake::v1::PlacementRecord {
            line: 1,
            record: Some(duly_proto::intake::v1::placement_record::Record::Placement(placement)),
        };
        Message::Chunk(PlaceChunk { chunk_no, records: vec![record] })
    };
    let heavy = placement("A-2").business(&"N".repeat(BYTES)).build();
    let messages =
        [Message::Open(open.clone()), chunk(1, placement("A-1").build()), chunk(2, heavy)];
    let requests = messages.map(|message| PlaceRequest { message: Some(message) });
    let mut answers = intake.place(futures::stream::iter(requests)).await?.into_inner();
    let status = loop {
        match answers.message().await {
            Ok(answer) => assert!(answer.is_some(), "the stream ends with an error"),
            Err(status) => break status,
        }
    };
    too_large(&status);
    drop(answers);
    let placed = vec![placement("A-1").build(), placement("A-2").build()];
    let placed = duly_testkit::place(&mut intake, open, placed, 1).await?;
    assert_eq!((placed.batch.accepted, placed.batch.rejected), (2, 0));

    // A text that is not UTF-8, which no generated client can send.
    let mut bytes = client("BYTES").build().encode_to_vec();
    let at = bytes.windows(5).position(|w| w == b"BYTES").expect("it holds the reference");
    bytes[at] = 0xff;
    let status = raw(&world, bytes).await.expect_err("it is no message");
    assert_eq!(status.code(), Code::InvalidArgument, "{status:?}");
    assert_eq!(reason_of(&status).as_deref(), Some("message_malformed"), "{status:?}");
    let said = status.message();
    assert!(said.contains("client_ref") && said.contains("UTF-8"), "{said}");
    assert!(!said.contains("YTES"), "the value is repeated: {said}");

    assert_eq!(world.counted().await?, Counted { accepted: 2, rejected: 0 });
    let clients = intake.list_clients(ListClientsRequest::default()).await?.into_inner();
    assert_eq!(clients.clients.len(), 1, "nothing of what was refused stands");
    world.end().await.map(drop)
}

#[track_caller]
fn too_large(status: &Status) {
    assert_eq!(status.code(), Code::ResourceExhausted, "{status:?}");
    assert_eq!(reason_of(status).as_deref(), Some("message_too_large"), "{status:?}");
    let said = status.message();
    assert!(said.contains("8388608") && said.contains("smaller parts"), "{said}");
}

/// `PutClient` with these bytes as its message.
async fn raw(world: &World, bytes: Vec<u8>) -> Result<(), Status> {
    let channel = channel(world).map_err(|error| Status::unknown(error.to_string()))?;
    let mut grpc = Grpc::new(channel);
    grpc.ready().await.map_err(|error| Status::unavailable(error.to_string()))?;
    let mut request = Request::new(bytes);
    let token = world.set.token(&manager()).map_err(|error| Status::unknown(error.to_string()))?;
    let bearer: MetadataValue<_> =
        format!("Bearer {token}").parse().expect("a token fits a header");
    request.metadata_mut().insert("authorization", bearer);
    let path = http::uri::PathAndQuery::from_static("/duly.intake.v1.IntakeService/PutClient");
    grpc.unary(request, path, raw::Bytes).await.map(drop)
}

/// Bytes as they are.
mod raw {
    use bytes::{Buf, BufMut};
    use tonic::{
        Status,
        codec::{Codec, DecodeBuf, Decoder, EncodeBuf, Encoder},
    };

    #[derive(Clone, Copy, Default)]
    pub struct Bytes;

    impl Codec for Bytes {
        type Encode = Vec<u8>;
        type Decode = Vec<u8>;
        type Encoder = Self;
        type Decoder = Self;

        fn encoder(&mut self) -> Self {
            *self
        }

        fn decoder(&mut self) -> Self {
            *self
        }
    }

    impl Encoder for Bytes {
        type Item = Vec<u8>;
        type Error = Status;

        fn encode(&mut self, item: Vec<u8>, to: &mut EncodeBuf<'_>) -> Result<(), Status> {
            to.put_slice(&item);
            Ok(())
        }
    }

    impl Decoder for Bytes {
        type Item = Vec<u8>;
        type Error = Status;

        fn decode(&mut self, from: &mut DecodeBuf<'_>) -> Result<Option<Vec<u8>>, Status> {
            Ok(Some(from.copy_to_bytes(from.remaining()).to_vec()))
        }
    }
}
