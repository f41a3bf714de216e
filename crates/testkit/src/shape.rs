//! What settling and digesting must know of a service, without the service itself.

use duly_platform::{Digest, Service};

/// One service as its watchers see it.
#[derive(Clone)]
pub struct Shape {
    /// Its name, `intake`.
    pub name: &'static str,
    /// What it hears: source and `<source>.<kind>`.
    pub hears: Vec<(&'static str, String)>,
    /// Its queues of due work.
    pub queues: Vec<&'static str>,
    /// Its business state.
    pub digest: &'static [Digest],
}

impl Shape {
    /// The shapes of these services.
    #[must_use]
    pub fn of(services: &[Service]) -> Vec<Self> {
        services.iter().map(Self::from).collect()
    }
}

impl From<&Service> for Shape {
    fn from(service: &Service) -> Self {
        Self {
            name: service.name,
            hears: service.listeners.iter().map(|l| (l.source, l.kind.clone())).collect(),
            queues: service.queues(),
            digest: service.digest,
        }
    }
}
