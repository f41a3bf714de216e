//! All SQL, by table family.

pub mod accounts;
pub mod list;
pub mod money;
pub mod standing;
pub mod summary;
pub mod timeline;
