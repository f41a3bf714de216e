//! All SQL, by table family.

pub mod accounts;
pub mod money;
pub mod summary;
pub mod timeline;
