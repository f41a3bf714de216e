//! The OpenAPI document, made from the handlers themselves.

use utoipa::{
    Modify, OpenApi,
    openapi::{
        Components,
        security::{Http, HttpAuthScheme, SecurityScheme},
    },
};

use crate::{
    problem::{ProblemJson, Violation},
    routes,
};

/// Name of the one security scheme.
const TOKEN: &str = "token";

#[derive(OpenApi)]
#[openapi(
    info(
        title = "Duly: the creditor's API",
        description = "Place claims, follow them, answer questions, fetch statements.\n\n\
            * Every request carries `Authorization: Bearer <token>`. What it sees and may do follows from \
            the token alone.\n\
            * Every change carries an `Idempotency-Key` of your own (a batch has its batch key instead). \
            A repeated request gets the first answer.\n\
            * Money is `{\"amount\": \"123.45\", \"currency\": \"USD\"}`: an exact decimal in a string, \
            never a JSON number. Dates are `YYYY-MM-DD` in the agency's zone, instants RFC 3339 in UTC.\n\
            * Keys that are not in this document are refused, and so is everything else that is not \
            understood.\n\
            * Errors are RFC 9457 problem JSON with a stable `reason` and the fields at fault. What says \
            503 or 504 may be sent again with the same key.\n\
            * Lists go on at `next_cursor`, until there is none.",
        license(name = "Apache-2.0", identifier = "Apache-2.0")
    ),
    servers((url = "/", description = "This agency")),
    tags(
        (name = "placements", description = "Batches of claims and the answer to each record"),
        (name = "accounts", description = "Claims as they stand, and what the client may do with them"),
        (name = "money", description = "Direct payments, balances, remittances and their statements"),
        (name = "client requests", description = "What the agency asks the client"),
        (name = "letters", description = "What was sent to debtors"),
        (name = "document", description = "This document"),
    ),
    // What only the answers of all methods name.
    components(schemas(ProblemJson, Violation)),
    modifiers(&Secured),
    security(("token" = []))
)]
pub(crate) struct Document;

struct Secured;

impl Modify for Secured {
    fn modify(&self, openapi: &mut utoipa::openapi::OpenApi) {
        let mut scheme = Http::new(HttpAuthScheme::Bearer);
        scheme.bearer_format = Some("JWT".to_owned());
        scheme.description =
            Some("A signed token of the agency, valid for minutes (`duly token`).".to_owned());
        let components = openapi.components.get_or_insert_with(Components::new);
        components.add_security_scheme(TOKEN, SecurityScheme::Http(scheme));
    }
}

/// The document of every route.
#[must_use]
pub fn document() -> utoipa::openapi::OpenApi {
    routes::routes().split_for_parts().1
}
