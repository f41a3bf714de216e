//! A text gateway of one listener: it keeps what is posted, and misbehaves as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use serde_json::Value;
use tokio::{
    io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the gateway does with the next texts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// Answers with this code and keeps nothing.
    Answers(u16),
    /// Keeps it, and hangs up without an answer.
    HangsUp,
}

/// One request as it came.
#[derive(Debug, Clone)]
pub struct Posted {
    pub path: String,
    pub key: String,
    pub authorization: String,
    pub body: Value,
}

#[derive(Default)]
struct Kept {
    manner: Option<Manner>,
    posted: Vec<Posted>,
}

/// A running gateway; it ends with its value.
pub struct TextServer {
    pub addr: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for TextServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl TextServer {
    /// On a free port of this machine.
    #[expect(clippy::disallowed_methods, reason = "a server of a test's own, outside the services")]
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = kept.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                // A client that goes away ends its request.
                let _ = answer(stream, &shared).await;
            }
        });
        Ok(Self { addr, kept, task })
    }

    pub fn behave(&self, manner: Manner) {
        lock(&self.kept).manner = Some(manner);
    }

    pub fn posted(&self) -> Vec<Posted> {
        lock(&self.kept).posted.clone()
    }
}

async fn answer(stream: TcpStream, kept: &Mutex<Kept>) -> anyhow::Result<()> {
    let mut stream = BufReader::new(stream);
    let mut first = String::new();
    stream.read_line(&mut first).await?;
    let path = first.split_whitespace().nth(1).unwrap_or_default().to_owned();
    let (mut key, mut authorization, mut length) = (String::new(), String::new(), 0);
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await?;
        let Some((name, value)) = line.trim().split_once(": ") else { break };
        match name.to_lowercase().as_str() {
            "idempotency-key" => value.clone_into(&mut key),
            "authorization" => value.clone_into(&mut authorization),
            "content-length" => length = value.parse()?,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let posted = Posted { path, key, authorization, body: serde_json::from_slice(&body)? };
    let manner = lock(kept).manner.unwrap_or(Manner::Takes);
    if !matches!(manner, Manner::Answers(_)) {
        lock(kept).posted.push(posted);
    }
    let (code, body) = match manner {
        Manner::Takes => (202, r#"{"message_id":"m-1"}"#),
        Manner::Answers(code) => (code, "{}"),
        Manner::HangsUp => return Ok(()),
    };
    let head = format!(
        "HTTP/1.1 {code} So\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body.as_bytes()).await?;
    stream.flush().await?;
    Ok(())
}
