//! The method x role table: one row per gRPC method, deny by default.

use std::collections::BTreeMap;

use super::{AuthError, Principal, Role};

/// Methods that need no token: health and reflection.
const OPEN: [&str; 3] = [
    "grpc.health.v1.Health/",
    "grpc.reflection.v1.ServerReflection/",
    "grpc.reflection.v1alpha.ServerReflection/",
];

/// One row: who may call one method.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Access {
    /// `duly.intake.v1.IntakeService/Place`, without a leading slash.
    pub method: &'static str,
    /// Nobody else may.
    pub roles: &'static [Role],
}

/// A table that cannot be.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum AccessError {
    /// The method stands there twice.
    #[error("{0} stands twice in the table of methods and roles")]
    Twice(&'static str),
    /// Not of the shape `package.Service/Method`.
    #[error("`{0}` in the table of methods and roles is not of the shape package.Service/Method")]
    Shape(&'static str),
}

/// The rows of all services that one server carries.
#[derive(Debug, Clone, Default)]
pub struct Table(BTreeMap<&'static str, &'static [Role]>);

impl Table {
    /// A table of these rows.
    ///
    /// # Errors
    /// A method that stands there twice, or a name of another shape.
    pub fn new(rows: impl IntoIterator<Item = Access>) -> Result<Self, AccessError> {
        let mut table = BTreeMap::new();
        for Access { method, roles } in rows {
            let well_shaped = method
                .split_once('/')
                .is_some_and(|(s, m)| s.contains('.') && !m.is_empty() && !m.contains('/'));
            if !well_shaped {
                return Err(AccessError::Shape(method));
            }
            if table.insert(method, roles).is_some() {
                return Err(AccessError::Twice(method));
            }
        }
        Ok(Self(table))
    }

    /// Whether the method needs no token. `path` with or without its leading slash.
    #[must_use]
    pub fn is_open(path: &str) -> bool {
        OPEN.iter().any(|prefix| bare(path).starts_with(prefix))
    }

    /// Whether this principal may call this method.
    ///
    /// # Errors
    /// [`AuthError::MethodDenied`] where no row names it, [`AuthError::RoleDenied`] where the row does
    /// not name the role.
    pub fn judge(&self, path: &str, who: &Principal) -> Result<(), AuthError> {
        let method = bare(path);
        match self.0.get(method) {
            None => Err(AuthError::MethodDenied { method: method.to_owned() }),
            Some(roles) if roles.contains(&who.role) => Ok(()),
            Some(_) => Err(AuthError::RoleDenied { role: who.role, method: method.to_owned() }),
        }
    }

    /// The method as the table has it, or `None`: bounds the label values of metrics.
    #[must_use]
    pub fn known(&self, path: &str) -> Option<&'static str> {
        self.0.get_key_value(bare(path)).map(|(method, _)| *method)
    }

    /// The services that have a method in the table, each once.
    #[must_use]
    pub fn services(&self) -> Vec<&'static str> {
        let mut names: Vec<_> =
            self.0.keys().filter_map(|method| Some(method.split_once('/')?.0)).collect();
        names.dedup();
        names
    }
}

fn bare(path: &str) -> &str {
    path.strip_prefix('/').unwrap_or(path)
}
