//! A mailbox on this machine that takes every e-mail of a demo: real SMTP over TCP, so that letters
//! takes its ordinary road, and nothing that is sent ever leaves the machine. Each message is a file.

use std::{
    fs,
    io::{self, BufRead as _, BufReader, Read as _, Write as _},
    net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU64, Ordering},
    },
    thread::{self, JoinHandle},
    time::Duration,
};

use anyhow::{Context as _, Result};

use crate::files;

/// Largest message taken.
const MESSAGE_BYTES_MAX: u64 = 64 * 1024 * 1024;

/// A caller that says nothing for so long is hung up on.
const SILENCE_MAX: Duration = Duration::from_secs(60);

/// Takes messages until it is dropped.
pub struct Mailbox {
    addr: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
}

struct Shared {
    dir: PathBuf,
    taken: AtomicU64,
    closed: AtomicBool,
}

impl Mailbox {
    /// Opens it on a free port of this machine; messages go into `dir`, which is made.
    ///
    /// # Errors
    /// No port, or a folder that cannot be made.
    pub fn open(dir: &Path) -> Result<Self> {
        fs::create_dir_all(dir).map_err(|error| files::trouble("making the folder", dir, error))?;
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("opening a mailbox")?;
        let addr = listener.local_addr().context("opening a mailbox")?;
        let shared = Arc::new(Shared {
            dir: dir.to_owned(),
            taken: AtomicU64::new(0),
            closed: AtomicBool::new(false),
        });
        let listening = thread::spawn({
            let shared = shared.clone();
            move || listen(&listener, &shared)
        });
        Ok(Self { addr, shared, listening: Some(listening) })
    }

    /// Where letters reaches it.
    pub fn url(&self) -> String {
        format!("smtp://{}", self.addr)
    }

    /// Messages that it took.
    pub fn taken(&self) -> u64 {
        self.shared.taken.load(Ordering::SeqCst)
    }
}

impl Drop for Mailbox {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        // Wakes the listener, which looks at the flag; without it there is nothing to wait for.
        if TcpStream::connect(self.addr).is_ok()
            && let Some(listening) = self.listening.take()
        {
            let _ = listening.join();
        }
    }
}

fn listen(listener: &TcpListener, shared: &Arc<Shared>) {
    for stream in listener.incoming() {
        if shared.closed.load(Ordering::SeqCst) {
            return;
        }
        let Ok(stream) = stream else { continue };
        let shared = shared.clone();
        // Ends with its caller, or with the process.
        thread::spawn(move || {
            let _ = serve(&stream, &shared);
        });
    }
}

/// One caller: the commands of RFC 5321 that a sender needs.
fn serve(stream: &TcpStream, shared: &Shared) -> io::Result<()> {
    stream.set_read_timeout(Some(SILENCE_MAX))?;
    stream.set_nodelay(true)?;
    let (mut reader, mut writer) = (BufReader::new(stream), stream);
    writer.write_all(b"220 demo mailbox\r\n")?;
    let mut line = String::new();
    loop {
        line.clear();
        if (&mut reader).take(4 * 1024).read_line(&mut line)? == 0 {
            return Ok(());
        }
        let verb = line.split_ascii_whitespace().next().unwrap_or_default().to_ascii_uppercase();
        let answer: &[u8] = match verb.as_str() {
            "EHLO" => b"250-demo mailbox\r\n250 8BITMIME\r\n",
            "HELO" | "MAIL" | "RCPT" | "RSET" | "NOOP" => b"250 ok\r\n",
            "DATA" => {
                writer.write_all(b"354 end with a dot\r\n")?;
                let message = message(&mut reader)?;
                if keep(shared, &message).is_ok() {
                    b"250 kept\r\n"
                } else {
                    b"452 the folder is full\r\n"
                }
            }
            "QUIT" => return writer.write_all(b"221 bye\r\n"),
            _ => b"502 not here\r\n",
        };
        writer.write_all(answer)?;
    }
}

/// All lines up to the one with a dot alone; a line's first dot is a guard (RFC 5321, 4.5.2).
fn message(reader: &mut impl io::BufRead) -> io::Result<Vec<u8>> {
    let mut reader = reader.take(MESSAGE_BYTES_MAX);
    let mut message = Vec::new();
    loop {
        let start = message.len();
        if reader.read_until(b'\n', &mut message)? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        match &message[start..] {
            b".\r\n" | b".\n" => {
                message.truncate(start);
                return Ok(message);
            }
            [b'.', ..] => {
                message.remove(start);
            }
            _ => {}
        }
    }
}

fn keep(shared: &Shared, message: &[u8]) -> io::Result<()> {
    let number = shared.taken.load(Ordering::SeqCst);
    let name = message_id(message).unwrap_or_else(|| format!("without-id-{number}"));
    // Renamed into place: whoever looks finds it whole.
    let (new, path) = (shared.dir.join(format!(".{name}")), shared.dir.join(format!("{name}.eml")));
    fs::write(&new, message).and_then(|()| fs::rename(&new, &path))?;
    shared.taken.fetch_add(1, Ordering::SeqCst);
    Ok(())
}

/// Its Message-ID as a file may be named.
fn message_id(message: &[u8]) -> Option<String> {
    let head = message.split(|byte| *byte == b'\n').take_while(|line| line.len() > 1);
    let line = head
        .map(String::from_utf8_lossy)
        .find(|line| line.to_ascii_lowercase().starts_with("message-id:"))?;
    let id: String = line["message-id:".len()..]
        .chars()
        .filter(|c| c.is_ascii_alphanumeric() || "-_.@".contains(*c))
        .take(100)
        .collect();
    let id = id.trim_matches('.').to_owned();
    (!id.is_empty()).then_some(id)
}

#[cfg(test)]
mod tests {
    use duly_embedded::Scratch;

    use super::*;

    fn say(stream: &mut (BufReader<TcpStream>, TcpStream), words: &str, code: &str) {
        stream.1.write_all(words.as_bytes()).unwrap();
        let mut answer = String::new();
        loop {
            answer.clear();
            stream.0.read_line(&mut answer).unwrap();
            assert!(answer.starts_with(code), "{words}: {answer}");
            if !answer.starts_with(&format!("{code}-")) {
                return;
            }
        }
    }

    #[test]
    fn each_message_is_a_file_named_by_its_id_as_it_was_sent() {
        let scratch = Scratch::new("duly-mailbox").unwrap();
        let mailbox = Mailbox::open(&scratch.path().join("mail")).unwrap();
        let addr = mailbox.url().strip_prefix("smtp://").unwrap().to_owned();
        let stream = TcpStream::connect(addr).unwrap();
        let mut stream = (BufReader::new(stream.try_clone().unwrap()), stream);
        say(&mut stream, "", "220");
        say(&mut stream, "EHLO here\r\n", "250");
        for id in ["<one/../@duly>", "<two@duly>"] {
            say(&mut stream, "MAIL FROM:<a@b.example> BODY=8BITMIME\r\n", "250");
            say(&mut stream, "RCPT TO:<c@d.example>\r\n", "250");
            say(&mut stream, "DATA\r\n", "354");
            let text = format!("Message-ID: {id}\r\nSubject: x\r\n\r\n..dotted\r\nend\r\n.\r\n");
            say(&mut stream, &text, "250");
        }
        say(&mut stream, "VRFY somebody\r\n", "502");
        say(&mut stream, "QUIT\r\n", "221");
        assert_eq!(mailbox.taken(), 2);
        let kept = fs::read_to_string(scratch.path().join("mail/two@duly.eml")).unwrap();
        assert_eq!(kept, "Message-ID: <two@duly>\r\nSubject: x\r\n\r\n.dotted\r\nend\r\n");
        assert!(scratch.path().join("mail/one..@duly.eml").exists());
    }
}
