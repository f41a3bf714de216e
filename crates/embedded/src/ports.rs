//! Ports of 127.0.0.1: picking a free one, and saying plainly when a wanted one is not free.

use std::io;
use std::net::{Ipv4Addr, TcpListener, TcpStream};

use anyhow::{Context, Result, bail};

/// A port that was free a moment ago. Another program may take it first: the caller tries again.
pub(crate) fn free() -> Result<u16> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("finding a free port")?;
    Ok(listener.local_addr().context("reading the free port's number")?.port())
}

/// Fails when `port` is taken, naming what wanted it and the remedy.
pub(crate) fn ensure_free(port: u16, server: &str) -> Result<()> {
    match TcpListener::bind((Ipv4Addr::LOCALHOST, port)) {
        Ok(_) => Ok(()),
        Err(error) if error.kind() == io::ErrorKind::AddrInUse => bail!(
            "port {port} of 127.0.0.1, wanted for {server}, is taken: stop the program that listens \
             there, or choose another port, or none to get a free one"
        ),
        Err(error) => {
            Err(error).with_context(|| format!("trying port {port} of 127.0.0.1 for {server}"))
        }
    }
}

/// A connection to `port`, or `None` while nobody listens.
pub(crate) fn connect(port: u16) -> Option<TcpStream> {
    TcpStream::connect((Ipv4Addr::LOCALHOST, port)).ok()
}
