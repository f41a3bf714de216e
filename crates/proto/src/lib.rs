//! The wire: generated messages, clients and servers of every service, and the only conversions
//! between them and the domain. Services meet here and nowhere else.

pub mod convert;
mod event;

pub use event::{Event, UnknownFact};

/// Encoded `FileDescriptorSet` of everything in `proto/`, for gRPC reflection and for tests.
pub const DESCRIPTORS: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/duly.binpb"));

/// Shapes that every service shares.
pub mod common {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.common.v1");

        impl std::fmt::Debug for Secret {
            fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("Secret([redacted])")
            }
        }
    }
}

/// Clients, placements and the life of an account.
pub mod intake {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.intake.v1");
    }
}

/// Payments, balances and remittances.
pub mod payments {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.payments.v1");
    }
}

/// Read models.
pub mod reporting {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.reporting.v1");
    }
}

/// The one door out: stops, disputes, decisions and attempts.
pub mod contact {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.contact.v1");
    }
}

/// Letters: prepared, sealed, mailed, returned.
pub mod letters {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.letters.v1");
    }
}

/// Searches by providers.
pub mod skiptrace {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.skiptrace.v1");
    }
}

/// Strategies, cases and tasks.
pub mod workflow {
    #[allow(
        missing_docs,
        clippy::all,
        clippy::pedantic,
        reason = "generated; documented in proto/"
    )]
    /// Version 1.
    pub mod v1 {
        tonic::include_proto!("duly.workflow.v1");
    }
}
