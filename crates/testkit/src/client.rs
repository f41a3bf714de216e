//! Clients of a set's services with a token of the set's own key.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use duly_domain::ClientId;
use duly_platform::{
    Principal, Role,
    auth::{Bearer, Signer},
};
use duly_proto::{
    intake::v1::intake_service_client::IntakeServiceClient,
    payments::v1::payments_service_client::PaymentsServiceClient,
    reporting::v1::reporting_service_client::ReportingServiceClient,
};
use tonic::{
    service::interceptor::InterceptedService,
    transport::{Channel, Endpoint},
};

use crate::{call::Counted, set::Set};

/// How long the clients' tokens live: longer than any test.
const TOKEN_LIFE: Duration = Duration::from_secs(60 * 60);

/// Largest answer taken, in bytes: whole statements and long lists.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What a call goes through: counting, then the token.
pub type Wire = InterceptedService<Counted<Channel>, Bearer>;
/// Client of intake.
pub type IntakeClient = IntakeServiceClient<Wire>;
/// Client of payments.
pub type PaymentsClient = PaymentsServiceClient<Wire>;
/// Client of reporting.
pub type ReportingClient = ReportingServiceClient<Wire>;

/// Where each service listens.
#[derive(Debug, Clone, Default)]
pub struct Endpoints(BTreeMap<String, SocketAddr>, Option<SocketAddr>);

impl Endpoints {
    /// All services in one process.
    #[must_use]
    pub fn all_at(addr: SocketAddr) -> Self {
        Self(BTreeMap::new(), Some(addr))
    }

    /// The same with this service elsewhere.
    #[must_use]
    pub fn with(mut self, service: &str, addr: SocketAddr) -> Self {
        self.0.insert(service.to_owned(), addr);
        self
    }

    fn of(&self, service: &str) -> anyhow::Result<SocketAddr> {
        self.0
            .get(service)
            .or(self.1.as_ref())
            .copied()
            .with_context(|| format!("no address of {service} is known"))
    }
}

/// One caller's clients of all services. Cheap to clone; each connects when it is first used.
#[derive(Clone)]
pub struct Clients {
    /// Placements.
    pub intake: IntakeClient,
    /// Money.
    pub payments: PaymentsClient,
    /// Read models.
    pub reporting: ReportingClient,
}

impl Set {
    /// A token of the set's key for this principal.
    ///
    /// # Errors
    /// The set has no private key, or a principal that no token may have.
    pub fn token(&self, who: &Principal) -> anyhow::Result<String> {
        let key = self.config().token_private_key.as_ref();
        let key = key.context("the set has no token_private_key to sign with")?;
        Ok(Signer::from_pem(key)?.sign(who, TOKEN_LIFE)?)
    }

    /// Clients for anybody of this role in the agency.
    ///
    /// # Errors
    /// The client role, which has a tree: see [`Set::clients_of_tree`].
    pub fn clients(&self, at: &Endpoints, role: Role) -> anyhow::Result<Clients> {
        let who = Principal { subject: format!("test-{role}"), role, tree: Vec::new() };
        self.clients_of(at, &who)
    }

    /// Clients for a client principal that sees these clients' rows.
    ///
    /// # Errors
    /// An empty tree.
    pub fn clients_of_tree(&self, at: &Endpoints, tree: &[ClientId]) -> anyhow::Result<Clients> {
        let tree = tree.iter().map(|client| client.uuid()).collect();
        let who = Principal { subject: "test-client".to_owned(), role: Role::Client, tree };
        self.clients_of(at, &who)
    }

    /// Clients for this principal.
    ///
    /// # Errors
    /// A principal that no token may have.
    pub fn clients_of(&self, at: &Endpoints, who: &Principal) -> anyhow::Result<Clients> {
        let bearer = Bearer::new(&self.token(who)?)?;
        let wire = |service: &str| -> anyhow::Result<Wire> {
            let endpoint = Endpoint::from_shared(format!("http://{}", at.of(service)?))?;
            let counted = Counted::new(endpoint.connect_lazy(), self);
            Ok(InterceptedService::new(counted, bearer.clone()))
        };
        Ok(Clients {
            intake: IntakeServiceClient::new(wire("intake")?)
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            payments: PaymentsServiceClient::new(wire("payments")?)
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            reporting: ReportingServiceClient::new(wire("reporting")?)
                .max_decoding_message_size(ANSWER_BYTES_MAX),
        })
    }
}
