//! The way to running services: their address, a token for each call, and what a refusal says.

use std::{
    sync::{Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context as _, Error, Result, anyhow, bail};
use duly_platform::{
    Principal, Role,
    auth::{Bearer, Signer},
    config::SecretText,
    error::{reason_of, violations_of},
};
use duly_proto::{
    contact::v1::contact_service_client::ContactServiceClient,
    intake::v1::intake_service_client::IntakeServiceClient,
    letters::v1::letters_service_client::LettersServiceClient,
    payments::v1::payments_service_client::PaymentsServiceClient,
    reporting::v1::reporting_service_client::ReportingServiceClient,
    skiptrace::v1::skiptrace_service_client::SkiptraceServiceClient,
    workflow::v1::workflow_service_client::WorkflowServiceClient,
};
use tonic::{
    Code, Status,
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

use crate::home::Home;

/// What a call goes through: the token, then the wire.
type Wire = InterceptedService<Channel, Bearer>;

/// Longer than any one call takes before it is authorised.
const TOKEN_LIFE: Duration = Duration::from_secs(10 * 60);

/// Whole statements and long lists.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

const CONNECT_TIMEOUT: Duration = Duration::from_secs(10);

const SERVICES: &str = "Running services";

/// How a verb reaches running services.
#[derive(Debug, Clone, clap::Args)]
pub struct Reach {
    /// Address of the running services, http://HOST:PORT; else those of `duly serve` on this data
    /// directory, else DULY_GRPC_ADDR
    #[arg(long, value_name = "URL", help_heading = SERVICES)]
    server: Option<String>,
    /// Token to call with; else DULY_TOKEN, else one for a manager, signed by this installation's key
    #[arg(long, value_name = "TOKEN", help_heading = SERVICES)]
    token: Option<String>,
}

impl Reach {
    /// The door that these options and this installation name. Nothing is connected yet.
    ///
    /// # Errors
    /// An address that is none, or no token and no key to sign one.
    pub fn door(&self, home: &Home) -> Result<Door> {
        let address = match &self.server {
            Some(url) => url.clone(),
            None => {
                let serving = home.serving().map(|serving| serving.grpc_addr);
                format!("http://{}", serving.unwrap_or(home.config.grpc_addr))
            }
        };
        let given = || std::env::var("DULY_TOKEN").ok().filter(|token| !token.is_empty());
        let tokens = match self.token.clone().or_else(given) {
            Some(token) => Tokens::Given(Bearer::new(&token).context("reading the token")?),
            None => {
                let key = home.config.token_private_key.as_ref().with_context(|| {
                    format!(
                        "no token: give --token or DULY_TOKEN, or DULY_TOKEN_PRIVATE_KEY to sign one \
                         (there are no keys in {} either)",
                        home.dir.display()
                    )
                })?;
                Tokens::signing(key, Role::Manager)?
            }
        };
        Door::new(address, tokens)
    }
}

/// Where the tokens of a door come from.
pub enum Tokens {
    /// One that the user gave: it expires when it expires.
    Given(Bearer),
    /// Signed by the installation's own key and renewed in time.
    Signed {
        /// Signs them.
        signer: Signer,
        /// Whom they stand for.
        who: Principal,
        /// The last one and when it was signed.
        last: Mutex<Option<(Instant, Bearer)>>,
    },
}

impl Tokens {
    /// Tokens for this program in an agency's role.
    ///
    /// # Errors
    /// Not a private key.
    pub fn signing(key: &SecretText, role: Role) -> Result<Self> {
        let who = Principal { subject: "duly-cli".to_owned(), role, tree: Vec::new() };
        Self::signing_for(key, who)
    }

    /// Tokens for this caller.
    ///
    /// # Errors
    /// Not a private key.
    pub fn signing_for(key: &SecretText, who: Principal) -> Result<Self> {
        Ok(Self::Signed { signer: Signer::from_pem(key)?, who, last: Mutex::new(None) })
    }

    fn bearer(&self) -> Result<Bearer> {
        match self {
            Self::Given(bearer) => Ok(bearer.clone()),
            Self::Signed { signer, who, last } => {
                let mut last = last.lock().unwrap_or_else(PoisonError::into_inner);
                match &*last {
                    Some((at, bearer)) if at.elapsed() < TOKEN_LIFE / 2 => Ok(bearer.clone()),
                    _ => {
                        let bearer = Bearer::new(&signer.sign(who, TOKEN_LIFE)?)?;
                        *last = Some((Instant::now(), bearer.clone()));
                        Ok(bearer)
                    }
                }
            }
        }
    }
}

/// A way to running services. Connects at the first call, and again when a connection is lost.
pub struct Door {
    address: String,
    channel: Channel,
    tokens: Tokens,
}

impl Door {
    /// A door to this address.
    ///
    /// # Errors
    /// An address that is none.
    pub fn new(address: String, tokens: Tokens) -> Result<Self> {
        if address.starts_with("https://") {
            bail!(
                "{address}: Duly speaks no TLS of its own; reach it by http:// or through your proxy"
            );
        }
        let endpoint = Endpoint::from_shared(address.clone())
            .ok()
            .filter(|_| address.starts_with("http://"))
            .with_context(|| format!("`{address}` is no address: write http://HOST:PORT"))?;
        let channel = endpoint.connect_timeout(CONNECT_TIMEOUT).connect_lazy();
        Ok(Self { address, channel, tokens })
    }

    /// The same door for another caller, over the same connection.
    ///
    /// # Errors
    /// Not a private key.
    pub fn for_another(&self, key: &SecretText, who: Principal) -> Result<Self> {
        let (address, channel) = (self.address.clone(), self.channel.clone());
        Ok(Self { address, channel, tokens: Tokens::signing_for(key, who)? })
    }

    /// What a refused call says to whoever made it: the words of the service with its reason and
    /// fields, or that nobody answers at this address.
    pub fn explain(&self, status: &Status) -> Error {
        if let Some(reason) = reason_of(status) {
            let mut said = format!("{} ({reason})", status.message());
            for violation in violations_of(status) {
                let line = format!("{}: {}", violation.field, violation.reason);
                if !said.contains(&line) {
                    said += &format!("\n  {line}");
                }
            }
            return anyhow!(said);
        }
        match status.code() {
            Code::Unavailable | Code::Unknown => anyhow!(
                "cannot reach Duly at {}: start it with `duly serve`, or name its address with \
                 --server ({})",
                self.address,
                status.message()
            ),
            Code::Unimplemented => anyhow!(
                "what answers at {} does not know this call: it is another program, or a service \
                 that is not among those it serves",
                self.address
            ),
            code => anyhow!("{}: {} ({code:?})", self.address, status.message()),
        }
    }
}

macro_rules! clients {
    ($($(#[$doc:meta])* $name:ident: $client:ident,)+) => {
        impl Door {$(
            $(#[$doc])*
            ///
            /// # Errors
            /// A token that cannot be signed.
            pub fn $name(&self) -> Result<$client<Wire>> {
                Ok($client::with_interceptor(self.channel.clone(), self.tokens.bearer()?)
                    .max_decoding_message_size(ANSWER_BYTES_MAX))
            }
        )+}
    };
}

clients! {
    /// A client of intake with a token of its own.
    intake: IntakeServiceClient,
    /// A client of skiptrace likewise.
    skiptrace: SkiptraceServiceClient,
    /// A client of contact likewise.
    contact: ContactServiceClient,
    /// A client of letters likewise.
    letters: LettersServiceClient,
    /// A client of payments likewise.
    payments: PaymentsServiceClient,
    /// A client of workflow likewise.
    workflow: WorkflowServiceClient,
    /// A client of reporting likewise.
    reporting: ReportingServiceClient,
}
