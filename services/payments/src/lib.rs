//! Payments: the journal of money in trust, balances, commission, remittances and their statements.
//!
//! It owns every receipt, every promise to pay and what became of them, and tells PaymentPosted,
//! PaymentReleased, PaymentReversed, BalanceSettled, RemittanceIssued, PromiseMade, PromiseKept and
//! PromiseBroken. Of intake it keeps clients' policies, accounts,
//! claim items, corrections and ends. Money in hand is never refused: what cannot be placed stands as
//! unapplied. All arithmetic is `duly-ledger`'s; here are the rows, the locks and the order of things:
//! writers of one account wait for one another on its rows, debits of one client on its row in
//! `client_trust`, always the account before the client, and keys in their order.

mod apply_payment;
mod cancel_promise;
mod close_period;
mod dates;
mod digest;
mod error;
mod events;
mod explain_commission;
mod get_balance;
mod grpc;
mod judge_promises;
mod look_up;
mod make_promise;
mod model;
mod post_payment;
mod price;
mod promise;
mod prove_trust;
mod release_payments;
mod report_direct_payment;
mod reverse_payment;
mod settle_trust;
mod store;
mod wire;

use duly_platform::{Access, DueWork, Role, Service, State};
use sqlx::migrate::Migrator;

static MIGRATOR: Migrator = sqlx::migrate!();

const MONEY: &[Role] = &[Role::Accounting, Role::Manager, Role::Admin, Role::Service];
const REPORT: &[Role] =
    &[Role::Client, Role::Accounting, Role::Manager, Role::Admin, Role::Service];
const PROMISE: &[Role] = &[Role::Collector, Role::Manager, Role::Admin, Role::Service];
const PROVE: &[Role] =
    &[Role::Accounting, Role::Manager, Role::Admin, Role::Compliance, Role::Service];
const READ: &[Role] = &Role::ALL;

const ACCESS: &[Access] = &[
    Access { method: "duly.payments.v1.PaymentsService/PostPayment", roles: MONEY },
    Access { method: "duly.payments.v1.PaymentsService/ReportDirectPayment", roles: REPORT },
    Access { method: "duly.payments.v1.PaymentsService/ReversePayment", roles: MONEY },
    Access { method: "duly.payments.v1.PaymentsService/ApplyPayment", roles: MONEY },
    Access { method: "duly.payments.v1.PaymentsService/GetPayment", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/ListPayments", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/GetBalance", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/MakePromise", roles: PROMISE },
    Access { method: "duly.payments.v1.PaymentsService/CancelPromise", roles: PROMISE },
    Access { method: "duly.payments.v1.PaymentsService/ListPromises", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/ExplainCommission", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/ClosePeriod", roles: MONEY },
    Access { method: "duly.payments.v1.PaymentsService/ListRemittances", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/GetStatement", roles: READ },
    Access { method: "duly.payments.v1.PaymentsService/ProveTrust", roles: PROVE },
];

/// The service as the composition root runs it.
#[must_use]
pub fn service() -> Service {
    Service {
        name: "payments",
        migrator: &MIGRATOR,
        shared: &[],
        append_only: &[
            "client_policy",
            "claim_item",
            "liable_party",
            "adjustment",
            "account_end",
            "entry_set",
            "entry",
            "statement_item",
            "remittance_item",
            "remittance",
            "remittance_held_paid",
        ],
        access: ACCESS,
        tells: &[
            "payment_posted",
            "payment_released",
            "payment_reversed",
            "balance_settled",
            "remittance_issued",
            "promise_made",
            "promise_kept",
            "promise_broken",
        ],
        listeners: events::listeners(),
        due: vec![
            DueWork::new(apply_payment::QUEUE, |tx, due| {
                Box::pin(async move { Ok(apply_payment::apply_due(tx, due).await?) })
            }),
            DueWork::new(release_payments::QUEUE, |tx, due| {
                Box::pin(async move { Ok(release_payments::release_due(tx, due).await?) })
            }),
            DueWork::new(judge_promises::QUEUE, |tx, due| {
                Box::pin(async move { Ok(judge_promises::judge_due(tx, due).await?) })
            }),
            DueWork::new(settle_trust::QUEUE, |tx, due| {
                Box::pin(async move { Ok(settle_trust::settle_due(tx, due).await?) })
            }),
        ],
        outside: vec![],
        state: State::default(),
        routes: grpc::routes,
        http: None,
        digest: digest::DIGEST,
    }
}
