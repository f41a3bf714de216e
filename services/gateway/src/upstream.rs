//! The services behind the gateway: one lazy connection each, shared by all requests.

use std::{net::SocketAddr, sync::Arc, time::Duration};

use duly_platform::Host;
use duly_proto::{
    intake::v1::intake_service_client::IntakeServiceClient,
    letters::v1::letters_service_client::LettersServiceClient,
    payments::v1::payments_service_client::PaymentsServiceClient,
    reporting::v1::reporting_service_client::ReportingServiceClient,
};
use http::Uri;
use tonic::transport::{Channel, Endpoint};

use crate::config::{Config, Upstream};

/// A service that does not take a connection in this time is not there.
const CONNECT_MAX: Duration = Duration::from_secs(5);

/// A service that does not begin to answer in this time is not asked any longer.
const ANSWER_MAX: Duration = Duration::from_secs(60);

/// Largest answer taken, in bytes: whole statements and letters.
const ANSWER_BYTES_MAX: usize = 64 * 1024 * 1024;

/// What handlers share.
#[derive(Clone)]
pub struct Api {
    /// Placements, accounts, holds, questions.
    pub intake: IntakeServiceClient<Channel>,
    /// Money.
    pub payments: PaymentsServiceClient<Channel>,
    /// Read models.
    pub reporting: ReportingServiceClient<Channel>,
    /// Letters.
    pub letters: LettersServiceClient<Channel>,
    /// How much is taken at once.
    pub config: Arc<Config>,
}

impl Api {
    /// Clients of the services where the settings say, else in this process. Nothing connects yet.
    pub fn new(host: &Host) -> Self {
        let config = host.state::<Config>();
        let own = own_uri(host.grpc_addr());
        let channel = |upstream: &Option<Upstream>| {
            let uri = upstream.as_ref().map_or_else(|| own.clone(), Upstream::uri);
            Endpoint::from(uri).connect_timeout(CONNECT_MAX).timeout(ANSWER_MAX).connect_lazy()
        };
        Self {
            intake: IntakeServiceClient::new(channel(&config.intake))
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            payments: PaymentsServiceClient::new(channel(&config.payments))
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            reporting: ReportingServiceClient::new(channel(&config.reporting))
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            letters: LettersServiceClient::new(channel(&config.letters))
                .max_decoding_message_size(ANSWER_BYTES_MAX),
            config: Arc::new(config.clone()),
        }
    }
}

/// This process's own gRPC port; one that listens everywhere is reached on the loopback.
fn own_uri(mut addr: SocketAddr) -> Uri {
    if addr.ip().is_unspecified() {
        addr.set_ip(match addr {
            SocketAddr::V4(_) => std::net::Ipv4Addr::LOCALHOST.into(),
            SocketAddr::V6(_) => std::net::Ipv6Addr::LOCALHOST.into(),
        });
    }
    Uri::try_from(format!("http://{addr}")).expect("an address makes a URI")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_port_that_listens_everywhere_is_reached_on_the_loopback() {
        let uri = |addr: &str| own_uri(addr.parse().unwrap()).to_string();
        assert_eq!(uri("0.0.0.0:7070"), "http://127.0.0.1:7070/");
        assert_eq!(uri("[::]:7070"), "http://[::1]:7070/");
        assert_eq!(uri("10.1.2.3:7070"), "http://10.1.2.3:7070/");
    }
}
