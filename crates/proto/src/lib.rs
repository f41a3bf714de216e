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

macro_rules! packages {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        pub mod $name {
            #[allow(
                missing_docs,
                clippy::all,
                clippy::pedantic,
                reason = "generated; documented in proto/"
            )]
            /// Version 1.
            pub mod v1 {
                include!(concat!(env!("OUT_DIR"), "/duly.", stringify!($name), ".v1.rs"));
            }
        }
    )+};
}

packages! {
    /// Clients, placements and the life of an account.
    intake;
    /// Payments, balances and remittances.
    payments;
    /// Read models.
    reporting;
    /// The one door out: stops, disputes, decisions and attempts.
    contact;
    /// Letters: prepared, sealed, mailed, returned.
    letters;
    /// Searches by providers.
    skiptrace;
    /// Strategies, cases and tasks.
    workflow;
}
