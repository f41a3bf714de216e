//! Generates messages, clients and servers from `proto/`, without a protoc, and keeps the
//! descriptors for gRPC reflection and for the tests that walk every method and field.
use std::{env, error::Error, fs, path::PathBuf};

use prost::Message as _;

const FILES: &[&str] = &[
    "duly/common/v1/common.proto",
    "duly/common/v1/frame.proto",
    "duly/common/v1/policy.proto",
    "duly/common/v1/treatment.proto",
    "duly/contact/v1/complaints.proto",
    "duly/contact/v1/contact.proto",
    "duly/contact/v1/events.proto",
    "duly/contact/v1/inbound.proto",
    "duly/contact/v1/instructions.proto",
    "duly/contact/v1/obligations.proto",
    "duly/contact/v1/persons.proto",
    "duly/contact/v1/terms.proto",
    "duly/intake/v1/events.proto",
    "duly/intake/v1/intake.proto",
    "duly/intake/v1/terms.proto",
    "duly/letters/v1/events.proto",
    "duly/letters/v1/letters.proto",
    "duly/letters/v1/terms.proto",
    "duly/payments/v1/events.proto",
    "duly/payments/v1/payments.proto",
    "duly/payments/v1/terms.proto",
    "duly/reporting/v1/reporting.proto",
    "duly/skiptrace/v1/events.proto",
    "duly/skiptrace/v1/skiptrace.proto",
    "duly/skiptrace/v1/terms.proto",
    "duly/workflow/v1/events.proto",
    "duly/workflow/v1/terms.proto",
    "duly/workflow/v1/workflow.proto",
];

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=../../proto");
    let descriptors = protox::compile(FILES, ["../../proto"])?;
    let out = PathBuf::from(env::var("OUT_DIR")?).join("duly.binpb");
    fs::write(out, descriptors.encode_to_vec())?;
    tonic_prost_build::configure()
        // The plain text of a secret never reaches a log through `{:?}`.
        .skip_debug(["duly.common.v1.Secret"])
        .compile_fds(descriptors)?;
    Ok(())
}
