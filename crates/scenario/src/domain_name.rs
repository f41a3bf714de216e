//! Whether the domain of an e-mail address is available for use by the general public, as the guard says.

use duly_compliance::path::domain::public_domain;

/// `None`: not known. A domain of which nothing is known permits nothing.
pub fn is_public(address: &str) -> Option<bool> {
    let domain = address.rsplit_once('@')?.1;
    // RFC 2606: the names of examples stand for a provider's.
    if domain.to_lowercase().starts_with("example.") {
        return Some(true);
    }
    public_domain(domain, &[])
}
