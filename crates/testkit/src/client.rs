//! Clients of a set's services with a token of the set's own key.

use std::{collections::BTreeMap, net::SocketAddr, time::Duration};

use anyhow::Context as _;
use duly_domain::ClientId;
use duly_platform::{
    Principal, Role,
    auth::{Bearer, Signer},
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
/// Client of workflow.
pub type WorkflowClient = WorkflowServiceClient<Wire>;
/// Client of contact.
pub type ContactClient = ContactServiceClient<Wire>;
/// Client of letters.
pub type LettersClient = LettersServiceClient<Wire>;
/// Client of skiptrace.
pub type SkiptraceClient = SkiptraceServiceClient<Wire>;

/// Where each service listens, and where the gateway's pages are.
#[derive(Debug, Clone, Default)]
pub struct Endpoints {
    apart: BTreeMap<String, SocketAddr>,
    together: Option<SocketAddr>,
    http: Option<SocketAddr>,
}

impl Endpoints {
    /// All services in one process.
    #[must_use]
    pub fn all_at(addr: SocketAddr) -> Self {
        Self { together: Some(addr), ..Self::default() }
    }

    /// The same with this service elsewhere.
    #[must_use]
    pub fn with(mut self, service: &str, addr: SocketAddr) -> Self {
        self.apart.insert(service.to_owned(), addr);
        self
    }

    /// The same with the gateway's pages there.
    #[must_use]
    pub fn with_http(mut self, addr: SocketAddr) -> Self {
        self.http = Some(addr);
        self
    }

    /// Where the gateway's pages are, `http://127.0.0.1:7072`.
    ///
    /// # Errors
    /// No gateway is known.
    pub fn http(&self) -> anyhow::Result<String> {
        let addr = self.http.context("no address of a gateway is known")?;
        Ok(format!("http://{addr}"))
    }

    /// A service that runs nowhere has a host name that nobody has: calls to it fail and name it.
    fn uri(&self, service: &str) -> String {
        match self.apart.get(service).or(self.together.as_ref()) {
            Some(addr) => format!("http://{addr}"),
            None => format!("http://{service}.runs-nowhere.invalid:1"),
        }
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
    /// Cases.
    pub workflow: WorkflowClient,
    /// Every attempt to reach somebody.
    pub contact: ContactClient,
    /// Letters and their batches.
    pub letters: LettersClient,
    /// Searches by providers.
    pub skiptrace: SkiptraceClient,
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
            let endpoint = Endpoint::from_shared(at.uri(service))?;
            let counted = Counted::new(endpoint.connect_lazy(), self);
            Ok(InterceptedService::new(counted, bearer.clone()))
        };
        let max = ANSWER_BYTES_MAX;
        Ok(Clients {
            intake: IntakeServiceClient::new(wire("intake")?).max_decoding_message_size(max),
            payments: PaymentsServiceClient::new(wire("payments")?).max_decoding_message_size(max),
            reporting: ReportingServiceClient::new(wire("reporting")?)
                .max_decoding_message_size(max),
            workflow: WorkflowServiceClient::new(wire("workflow")?).max_decoding_message_size(max),
            contact: ContactServiceClient::new(wire("contact")?).max_decoding_message_size(max),
            letters: LettersServiceClient::new(wire("letters")?).max_decoding_message_size(max),
            skiptrace: SkiptraceServiceClient::new(wire("skiptrace")?)
                .max_decoding_message_size(max),
        })
    }
}
