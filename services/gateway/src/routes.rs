//! The routes, each a handler of three moves: read, ask the service, show.

mod account_changes;
mod accounts;
mod batches;
mod client_requests;
mod document;
mod letters;
mod money;
mod remittances;

use axum::{
    Extension, Json, Router,
    extract::DefaultBodyLimit,
    http::{Method, StatusCode, Uri},
};
use duly_platform::{Host, telemetry};
use tower_http::trace::TraceLayer;
use utoipa::OpenApi as _;
use utoipa_axum::{
    router::{OpenApiRouter, UtoipaMethodRouterExt as _},
    routes,
};

use crate::{document::Document, problem::Problem, upstream::Api};

/// What a handler answers.
type Answer<T> = Result<Json<T>, Problem>;

/// Every route with its description. The limit of a batch's body is the largest there is until
/// [`router`] knows the settings.
pub fn routes() -> OpenApiRouter<Api> {
    routes_within(usize::MAX)
}

fn routes_within(batch_bytes_max: usize) -> OpenApiRouter<Api> {
    let place = routes!(batches::place_batch).layer(DefaultBodyLimit::max(batch_bytes_max));
    OpenApiRouter::with_openapi(Document::openapi())
        .routes(place)
        .routes(routes!(batches::get_batch))
        .routes(routes!(batches::list_acknowledgements))
        .routes(routes!(accounts::list_accounts))
        .routes(routes!(accounts::get_account))
        .routes(routes!(accounts::find_account))
        .routes(routes!(accounts::get_timeline))
        .routes(routes!(account_changes::adjust_account))
        .routes(routes!(account_changes::recall_account))
        .routes(routes!(account_changes::hold_account))
        .routes(routes!(account_changes::lift_hold))
        .routes(routes!(money::get_balance))
        .routes(routes!(money::report_direct_payment))
        .routes(routes!(client_requests::list_client_requests))
        .routes(routes!(client_requests::answer_client_request))
        .routes(routes!(remittances::list_remittances))
        .routes(routes!(remittances::get_statement_csv))
        .routes(routes!(remittances::get_statement_json))
        .routes(routes!(letters::list_letters))
        .routes(routes!(letters::get_letter_pdf))
        .routes(routes!(document::get_document))
}

/// The whole of it on a host.
#[expect(clippy::needless_pass_by_value, reason = "the signature is that of `Service::http`")]
pub fn router(host: Host) -> Router {
    let api = Api::new(&host);
    let body_bytes_max = api.config.body_bytes_max;
    let (router, document) = routes_within(api.config.batch_bytes_max).split_for_parts();
    let document = document::Text::of(&document);
    router
        .fallback(unknown_route)
        .method_not_allowed_fallback(unknown_method)
        .layer(Extension(document))
        .layer(DefaultBodyLimit::max(body_bytes_max))
        // Refusals are answers, not failures: what is our fault was logged where it happened.
        .layer(TraceLayer::new_for_http().make_span_with(telemetry::rpc_span).on_failure(()))
        .with_state(api)
}

async fn unknown_route(uri: Uri) -> Problem {
    let detail = format!("there is nothing at {}; /openapi.json lists what there is", uri.path());
    Problem::new(StatusCode::NOT_FOUND, "route_unknown", detail)
}

async fn unknown_method(method: Method, uri: Uri) -> Problem {
    let detail = format!("{} does not take {method}; see Allow, and /openapi.json", uri.path());
    Problem::new(StatusCode::METHOD_NOT_ALLOWED, "method_not_allowed", detail)
}
