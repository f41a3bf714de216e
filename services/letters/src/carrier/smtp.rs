//! A mail server. A message can be accepted and the answer be lost, so that each is sent at most once:
//! everything before the message itself may be tried again, nothing after it.

use std::{fmt::Write as _, time::Duration};

use duly_domain::Email;
use duly_platform::BoxFuture;
use lettre::{
    Address, Message,
    message::{Attachment, Mailbox, MultiPart, SinglePart, header::ContentType},
    transport::smtp::{
        Error,
        authentication::{Credentials, DEFAULT_MECHANISMS},
        client::{AsyncSmtpConnection, TlsParameters},
        commands::{Data, Mail, Rcpt},
        extension::ClientId,
    },
};
use tokio::time::timeout;

use super::{Carrier, Consignment, HandOver, Piece, Promise};
use crate::config::{Encryption, SmtpUrl};

/// Longest wait for the server to greet, to answer a command, and to take a message.
const TIMEOUT: Duration = Duration::from_secs(30);

/// One mail server and who writes.
pub(crate) struct Smtp {
    pub(crate) server: SmtpUrl,
    /// The name that recipients see.
    pub(crate) agency: String,
    pub(crate) from: Email,
    /// Lines under the text: the agency's address and telephone.
    pub(crate) foot: Vec<String>,
}

/// Why nothing was handed over, and whether another try may help.
enum Before {
    Refused(String),
    NotNow(String),
}

impl Carrier for Smtp {
    fn promise(&self) -> Promise {
        Promise::AtMostOnce
    }

    fn hand_over<'a>(&'a self, consignment: &'a Consignment) -> BoxFuture<'a, HandOver> {
        Box::pin(async move {
            let [piece] = consignment.pieces.as_slice() else {
                return HandOver::Refused("a message is one letter".to_owned());
            };
            let message = match self.message(consignment, piece) {
                Ok(message) => message,
                Err(reason) => return HandOver::Refused(reason),
            };
            let ready = timeout(TIMEOUT, self.until_data(piece)).await;
            let mut connection = match ready {
                Ok(Ok(connection)) => connection,
                Ok(Err(Before::Refused(reason))) => return HandOver::Refused(reason),
                Ok(Err(Before::NotNow(reason))) => return HandOver::NotNow(reason),
                Err(_) => return HandOver::NotNow("the mail server does not answer".to_owned()),
            };
            // From here on the server may have taken it whatever we hear.
            let outcome = match timeout(TIMEOUT, connection.message(&message)).await {
                Ok(Ok(_)) => HandOver::Taken,
                Ok(Err(error)) if error.is_permanent() => HandOver::Refused(said(&error)),
                Ok(Err(error)) if error.is_transient() => HandOver::NotNow(said(&error)),
                Ok(Err(_)) => HandOver::Unknown("the connection broke in the message".to_owned()),
                Err(_) => HandOver::Unknown("the mail server did not answer in time".to_owned()),
            };
            let _ = timeout(TIMEOUT, connection.abort()).await;
            outcome
        })
    }
}

impl Smtp {
    /// Everything up to the server's word to go ahead with the message.
    async fn until_data(&self, piece: &Piece) -> Result<AsyncSmtpConnection, Before> {
        let hello = ClientId::default();
        let tls = match self.server.encryption {
            Encryption::None => None,
            Encryption::Tls | Encryption::StartTls => {
                Some(TlsParameters::new(self.server.host.clone()).map_err(|error| before(&error))?)
            }
        };
        let at_once = tls.clone().filter(|_| self.server.encryption == Encryption::Tls);
        let server = (self.server.host.as_str(), self.server.port);
        let mut connection =
            AsyncSmtpConnection::connect_tokio1(server, Some(TIMEOUT), &hello, at_once, None)
                .await
                .map_err(|error| before(&error))?;
        if let Some(tls) = tls.filter(|_| self.server.encryption == Encryption::StartTls) {
            connection.starttls(tls, &hello).await.map_err(|error| before(&error))?;
        }
        if let Some((user, password)) = &self.server.login {
            let login = Credentials::new(user.clone(), password.expose().to_owned());
            // A wrong password is the agency's to mend, not a word about the recipient.
            connection
                .auth(DEFAULT_MECHANISMS, &login)
                .await
                .map_err(|error| Before::NotNow(said(&error)))?;
        }
        let to = piece.email.as_ref().and_then(|email| email.as_str().parse::<Address>().ok());
        let to = to.ok_or_else(|| Before::Refused("the address is none".to_owned()))?;
        let from = self.from.as_str().parse::<Address>();
        let from = from.map_err(|_| Before::NotNow("mail_from is no address".to_owned()))?;
        connection.command(Mail::new(Some(from), vec![])).await.map_err(|error| before(&error))?;
        connection.command(Rcpt::new(to, vec![])).await.map_err(|error| before(&error))?;
        connection.command(Data).await.map_err(|error| before(&error))?;
        Ok(connection)
    }

    /// The letter as a message: a text that says what it is, and the PDF.
    fn message(&self, consignment: &Consignment, piece: &Piece) -> Result<Vec<u8>, String> {
        let unfit = |_| "the message cannot be written".to_owned();
        let mailbox = |name: Option<&str>, email: &Email| -> Result<Mailbox, String> {
            let address = email.as_str().parse().map_err(unfit)?;
            Ok(Mailbox::new(name.map(str::to_owned), address))
        };
        let to = piece.email.as_ref().ok_or("the letter has no e-mail address")?;
        let text = self.text(piece);
        let pdf = ContentType::parse("application/pdf")
            .map_err(|_| "the message cannot be written".to_owned())?;
        let message = Message::builder()
            .from(mailbox(Some(&self.agency), &self.from)?)
            .to(mailbox(None, to)?)
            .subject(subject(piece))
            .date(consignment.at.into())
            .message_id(Some(format!("<{}@{}>", consignment.name, self.from.domain())))
            .multipart(
                MultiPart::mixed()
                    .singlepart(SinglePart::plain(text))
                    .singlepart(Attachment::new(attachment(piece)).body(piece.pdf.clone(), pdf)),
            )
            .map_err(|_| "the message cannot be written".to_owned())?;
        Ok(message.formatted())
    }

    fn text(&self, piece: &Piece) -> String {
        let mut text = format!(
            "{}\n\nPlease read the attached letter from {} about your account with {}.\n\
             Our reference: {}\n\n",
            piece.recipient, self.agency, piece.creditor, piece.reference
        );
        if piece.template == "validation_notice" {
            // 12 CFR 1006.18(e)(1); the notice itself says it too.
            text += "This is an attempt to collect a debt and any information obtained will be used \
                     for that purpose.\n\n";
        }
        // 12 CFR 1006.6(e).
        text += "If you cannot open it, please answer this message. To get no more e-mail at this \
                 address, answer it with the word STOP.\n\n";
        for line in std::iter::once(&self.agency).chain(&self.foot) {
            let _ = writeln!(text, "{line}");
        }
        text
    }
}

/// The creditor and one more identifier other than the amount: 12 CFR 1006.42(b).
fn subject(piece: &Piece) -> String {
    format!("Your account with {}, reference {}", piece.creditor, piece.reference)
}

fn attachment(piece: &Piece) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    format!("{}.pdf", piece.reference.chars().map(safe).collect::<String>())
}

/// A failure before the message: the server has nothing.
fn before(error: &Error) -> Before {
    if error.is_permanent() { Before::Refused(said(error)) } else { Before::NotNow(said(error)) }
}

/// The server's code and no more: its words may repeat the address.
fn said(error: &Error) -> String {
    match error.status() {
        Some(code) => format!("the mail server answered {code}"),
        None if error.is_timeout() => "the mail server does not answer".to_owned(),
        None if error.is_tls() => "the mail server offers no TLS that can be trusted".to_owned(),
        None => "the mail server cannot be reached".to_owned(),
    }
}
