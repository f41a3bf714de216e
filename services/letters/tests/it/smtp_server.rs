//! A mail server of one listener: it keeps what it takes, and misbehaves as it is told.

use std::{
    net::SocketAddr,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use tokio::{
    io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

/// What the server does with the next message.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Manner {
    Takes,
    /// Answers the recipient with this code.
    RefusesRecipient(u16),
    /// Takes the message, keeps it, and never answers.
    SaysNothing,
    /// Takes the message, keeps it, and hangs up.
    HangsUp,
}

/// What it was sent, and how it behaves.
#[derive(Default)]
struct Kept {
    manner: Option<Manner>,
    messages: Vec<String>,
}

/// A running server; it ends with its value.
pub struct SmtpServer {
    pub addr: SocketAddr,
    kept: Arc<Mutex<Kept>>,
    task: JoinHandle<()>,
}

/// What is kept; a conversation that panicked has failed its test already.
fn lock(kept: &Mutex<Kept>) -> MutexGuard<'_, Kept> {
    kept.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl SmtpServer {
    /// On a free port of this machine.
    #[expect(clippy::disallowed_methods, reason = "a server of a test's own, outside the services")]
    pub async fn start() -> anyhow::Result<Self> {
        let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
        let addr = listener.local_addr()?;
        let kept = Arc::new(Mutex::new(Kept::default()));
        let shared = kept.clone();
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let kept = shared.clone();
                tokio::spawn(async move {
                    // A client that goes away ends its conversation.
                    let _ = converse(stream, kept).await;
                });
            }
        });
        Ok(Self { addr, kept, task })
    }

    /// How `services.letters.smtp_url` names it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// Behaves so from now on.
    pub fn behaves(&self, manner: Manner) {
        lock(&self.kept).manner = Some(manner);
    }

    /// What it was sent, whole messages.
    pub fn messages(&self) -> Vec<String> {
        lock(&self.kept).messages.clone()
    }
}

async fn converse(stream: TcpStream, kept: Arc<Mutex<Kept>>) -> std::io::Result<()> {
    let manner = lock(&kept).manner.unwrap_or(Manner::Takes);
    let (read, mut write) = stream.into_split();
    let mut lines = BufReader::new(read).lines();
    write.write_all(b"220 mail.example ESMTP\r\n").await?;
    while let Some(line) = lines.next_line().await? {
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match (verb.as_str(), manner) {
            ("EHLO", _) => "250-mail.example\r\n250 8BITMIME".to_owned(),
            ("RCPT", Manner::RefusesRecipient(code)) => format!("{code} no such mailbox"),
            ("DATA", _) => {
                write.write_all(b"354 go ahead\r\n").await?;
                let mut message = String::new();
                while let Some(line) = lines.next_line().await?.filter(|line| line != ".") {
                    message += &line;
                    message.push('\n');
                }
                lock(&kept).messages.push(message);
                match manner {
                    Manner::HangsUp => return Ok(()),
                    Manner::SaysNothing => std::future::pending::<()>().await,
                    Manner::Takes | Manner::RefusesRecipient(_) => {}
                }
                "250 taken".to_owned()
            }
            ("QUIT", _) => {
                write.write_all(b"221 bye\r\n").await?;
                return Ok(());
            }
            _ => "250 ok".to_owned(),
        };
        write.write_all(format!("{answer}\r\n").as_bytes()).await?;
    }
    Ok(())
}
