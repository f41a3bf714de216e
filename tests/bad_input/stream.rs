//! A file whose connection is cut in the middle, and one whose `duly place` dies there: both go on where
//! they were, and lead to the same end as one that nobody cut.

use std::{
    io::{Read as _, Write as _},
    net::{Ipv4Addr, Shutdown, SocketAddr, TcpListener, TcpStream},
    path::PathBuf,
    process::Stdio,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use duly_testkit::{Digests, digest};

use super::{
    program::{run, wait_for},
    world::{Counted, MAPPING, World, rows},
};
use crate::journey::shapes;

/// Rows of the file: four chunks of 500, the last one smaller.
const ROWS: usize = 1_800;

/// So far into the upload the connection is disturbed: some chunks are through and others are not.
const BYTES: usize = 120_000;

fn files(world: &World) -> anyhow::Result<(PathBuf, PathBuf)> {
    Ok((world.file("large.csv", rows(ROWS))?, world.file("map.yaml", MAPPING)?))
}

const WHOLE: Counted = Counted { accepted: 1_782, rejected: 18 };

async fn end(world: World) -> anyhow::Result<Digests> {
    assert_eq!(world.counted().await?, WHOLE);
    let digests = digest(&world.set, &shapes()).await?;
    world.end().await?;
    Ok(digests)
}

async fn uncut() -> anyhow::Result<Digests> {
    let world = World::new().await?;
    world.put("ACME").await?;
    let (file, mapping) = files(&world)?;
    let said = run(&mut world.place(&file, &mapping)).await?;
    said.done();
    assert!(!said.err.contains("cut"), "{}", said.err);
    end(world).await
}

#[tokio::test(flavor = "multi_thread")]
async fn a_stream_cut_in_the_middle_goes_on_to_the_same_end() -> anyhow::Result<()> {
    let expected = uncut().await?;
    let world = World::new().await?;
    world.put("ACME").await?;
    let (file, mapping) = files(&world)?;

    // The client's program dies with its connection stuck.
    let stuck = Proxy::before(world.served.grpc, Trouble::Stall)?;
    let mut first = world.place_at(&stuck.url(), &file, &mapping);
    let mut first = first.stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    wait_for("the stream to be stuck", async || Ok(stuck.is_disturbed().then_some(()))).await?;
    wait_for("a chunk to be placed", async || {
        Ok((world.answered().await?.accepted > 0).then_some(()))
    })
    .await?;
    first.kill().await?;
    let half = world.answered().await?;
    assert_eq!((half.accepted + half.rejected) % 500, 0, "chunks are placed whole: {half:?}");
    assert!(half.accepted < WHOLE.accepted, "it was cut before its end: {half:?}");

    // Run again, it loses its connection once and goes on by itself.
    let cut = Proxy::before(world.served.grpc, Trouble::Cut)?;
    let rejects = world.scratch.path().join("rejects.csv");
    let said =
        run(world.place_at(&cut.url(), &file, &mapping).arg("--rejects").arg(&rejects)).await?;
    said.done();
    let told = ["ACME: the stream was cut", "trying again from chunk"];
    assert!(told.iter().all(|words| said.err.contains(words)), "{}", said.err);
    let listed = std::fs::read_to_string(&rejects)?;
    assert_eq!(listed.lines().count(), 1 + 18, "every record has one answer: {listed}");

    let difference = expected.difference(&end(world).await?);
    assert!(difference.is_empty(), "the ends differ:\n{difference}");
    Ok(())
}

/// What happens to the first connection after so many bytes up.
#[derive(Clone, Copy)]
enum Trouble {
    /// Both ends lose it.
    Cut,
    /// Nothing goes up any more.
    Stall,
}

/// Stands before the services and disturbs its first connection. Its threads end with their sockets.
struct Proxy {
    address: SocketAddr,
    disturbed: Arc<AtomicBool>,
    streams: Arc<Mutex<Vec<TcpStream>>>,
}

impl Proxy {
    fn before(services: SocketAddr, trouble: Trouble) -> anyhow::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
        let proxy = Self {
            address: listener.local_addr()?,
            disturbed: Arc::default(),
            streams: Arc::default(),
        };
        let (disturbed, streams) = (proxy.disturbed.clone(), proxy.streams.clone());
        thread::spawn(move || {
            let mut trouble = Some(trouble);
            while let Ok((client, _)) = listener.accept() {
                let Ok(service) = TcpStream::connect(services) else { return };
                let pairs = [
                    client.try_clone(),
                    service.try_clone(),
                    client.try_clone(),
                    service.try_clone(),
                ];
                let Ok([up_from, up_to, down_to, down_from]) = pairs
                    .into_iter()
                    .collect::<Result<Vec<_>, _>>()
                    .map(|all| <[TcpStream; 4]>::try_from(all).expect("four went in"))
                else {
                    return;
                };
                streams.lock().unwrap_or_else(PoisonError::into_inner).extend([client, service]);
                let (mine, disturbed) = (trouble.take(), disturbed.clone());
                thread::spawn(move || carry_up(&up_from, &up_to, mine, &disturbed));
                thread::spawn(move || carry(&down_from, &down_to, usize::MAX));
            }
        });
        Ok(proxy)
    }

    fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    fn is_disturbed(&self) -> bool {
        self.disturbed.load(Ordering::SeqCst)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        for stream in &*self.streams.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = stream.shutdown(Shutdown::Both);
        }
    }
}

fn carry_up(from: &TcpStream, to: &TcpStream, trouble: Option<Trouble>, disturbed: &AtomicBool) {
    let Some(trouble) = trouble else {
        carry(from, to, usize::MAX);
        return;
    };
    if !carry(from, to, BYTES) {
        return;
    }
    match trouble {
        Trouble::Cut => lose(from, to),
        Trouble::Stall => {}
    }
    disturbed.store(true, Ordering::SeqCst);
}

/// Carries so many bytes; false where one end is gone before, which is then told to the other.
fn carry(mut from: &TcpStream, mut to: &TcpStream, bytes_max: usize) -> bool {
    let (mut left, mut buffer) = (bytes_max, vec![0; 16 * 1024]);
    while left > 0 {
        let room = buffer.len().min(left);
        let read = from.read(&mut buffer[..room]).unwrap_or(0);
        if read == 0 || to.write_all(&buffer[..read]).is_err() {
            lose(from, to);
            return false;
        }
        left -= read;
    }
    true
}

fn lose(one: &TcpStream, other: &TcpStream) {
    for stream in [one, other] {
        // One that is lost already is what is wanted.
        let _ = stream.shutdown(Shutdown::Both);
    }
}
