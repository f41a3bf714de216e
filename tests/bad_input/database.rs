//! The database goes while a file is being placed, and comes back: whoever calls meanwhile is told so at
//! once, whoever waits goes on, and nothing is lost.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
};

use duly_embedded::{Postgres, PostgresOptions, Scratch};
use duly_platform::{config::SecretText, error::reason_of};
use duly_proto::payments::v1::ProveTrustRequest;
use duly_testkit::client;
use tonic::{Code, Status};

use super::{
    program::{run, wait_for},
    world::{Counted, MAPPING, World, rows},
};

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_goes_and_comes_back_loses_nothing() -> anyhow::Result<()> {
    let scratch = Scratch::new("duly-bad-database")?;
    let mut postgres = Postgres::start(&PostgresOptions {
        dir: scratch.path().join("postgres"),
        durable: true,
        ..PostgresOptions::default()
    })?;
    postgres.create_database("duly")?;
    let url = SecretText::new(postgres.url("duly"));
    let world = World::on(|config| config.database_url = Some(url)).await?;
    world.put("ACME").await?;
    let file = world.file("large.csv", rows(6_000))?;
    let mapping = world.file("map.yaml", MAPPING)?;

    let mut place = world.place(&file, &mapping);
    let outage = async {
        wait_for("the first answers", async || {
            Ok((world.answered().await?.accepted > 0).then_some(()))
        })
        .await?;
        // As a crash would, and not at a time of its choosing.
        postgres.kill()?;
        refused_meanwhile(&world).await?;
        postgres.start_again()
    };
    let (said, outage) = tokio::join!(run(&mut place), outage);
    outage?;
    let said = said?;
    said.done();
    assert!(said.err.contains("ACME: the stream was cut (the database"), "{}", said.err);
    assert_eq!(world.counted().await?, Counted { accepted: 5_940, rejected: 60 });

    // The same file gets the answers that were given before and after, and new work is taken.
    run(&mut world.place(&file, &mapping)).await?.done();
    world.put("HARBOR").await?;
    assert_eq!(world.counted().await?, Counted { accepted: 5_940, rejected: 60 });
    assert!(readiness(world.served.admin)?.starts_with("HTTP/1.1 200"));
    world.end().await.map(drop)
}

async fn refused_meanwhile(world: &World) -> anyhow::Result<()> {
    let (mut intake, mut payments) = (world.api.intake.clone(), world.api.payments.clone());
    let server = format!("http://{}", world.served.grpc);
    let mut list = world.duly();
    let list = list.args(["clients", "list", "--server", &server]);
    let (put, prove) = (client("LATE").build(), ProveTrustRequest::default());
    let (put, prove, said) =
        tokio::join!(intake.put_client(put), payments.prove_trust(prove), run(list));
    gone(&put.expect_err("it is gone"));
    gone(&prove.expect_err("it is gone"));
    said?.refused(&["the database does not answer", "try again", "database_unavailable"]);
    let ready = readiness(world.served.admin)?;
    assert!(ready.starts_with("HTTP/1.1 503") && ready.contains("postgres:"), "{ready}");
    Ok(())
}

#[track_caller]
fn gone(status: &Status) {
    assert_eq!(status.code(), Code::Unavailable, "{status:?}");
    assert_eq!(reason_of(status).as_deref(), Some("database_unavailable"), "{status:?}");
    let said = status.message();
    assert!(said.contains("the database does not answer") && said.contains("try again"), "{said}");
}

fn readiness(admin: SocketAddr) -> anyhow::Result<String> {
    let mut stream = TcpStream::connect(admin)?;
    stream.write_all(b"GET /readyz HTTP/1.1\r\nHost: duly\r\nConnection: close\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
