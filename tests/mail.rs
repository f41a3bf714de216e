//! A real mail server of a test's own: aiosmtpd over TCP, each message it accepts a file in a maildir.

use std::{
    fs,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context as _, bail};

/// How long it may take to start.
const START_MAX: Duration = Duration::from_secs(20);

/// A mail server that keeps what it is given.
pub struct MailServer {
    server: Child,
    port: u16,
    dir: tempfile::TempDir,
}

impl MailServer {
    /// Starts one on a free port. `cargo xtask test` installs it.
    pub fn start() -> anyhow::Result<Self> {
        let python = std::env::var_os("DULY_TEST_MAIL_PYTHON").context(
            "DULY_TEST_MAIL_PYTHON names no Python with aiosmtpd; run the tests by `cargo xtask test`",
        )?;
        let dir = tempfile::tempdir()?;
        let port = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?.local_addr()?.port();
        let server = Command::new(python)
            .args(["-m", "aiosmtpd", "--nosetuid", "--listen", &format!("127.0.0.1:{port}")])
            .args(["--class", "aiosmtpd.handlers.Mailbox"])
            .arg(dir.path().join("mail"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .context("starting aiosmtpd")?;
        let mut started = Self { server, port, dir };
        let began = Instant::now();
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            if let Some(status) = started.server.try_wait()? {
                bail!("aiosmtpd ended at once: {status}");
            }
            if began.elapsed() > START_MAX {
                bail!("aiosmtpd does not listen after {START_MAX:?}");
            }
            thread::sleep(Duration::from_millis(20));
        }
        Ok(started)
    }

    /// Where it listens, as the setting `smtp_url` of letters.
    pub fn url(&self) -> String {
        format!("smtp://127.0.0.1:{}", self.port)
    }

    /// Every message accepted so far, as it came over the wire.
    pub fn received(&self) -> anyhow::Result<Vec<String>> {
        let mut messages = Vec::new();
        for folder in ["new", "cur"] {
            let folder = self.dir.path().join("mail").join(folder);
            if !Path::new(&folder).is_dir() {
                continue;
            }
            for file in fs::read_dir(folder)? {
                messages.push(fs::read_to_string(file?.path())?);
            }
        }
        messages.sort();
        Ok(messages)
    }
}

impl Drop for MailServer {
    fn drop(&mut self) {
        // It holds nothing that is of use after the test.
        let _ = self.server.kill();
        let _ = self.server.wait();
    }
}
