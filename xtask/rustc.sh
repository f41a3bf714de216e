#!/bin/sh
# RUSTC_WORKSPACE_WRAPPER of every build that `cargo xtask` starts: clippy's lints inside the build, and,
# in `check` and `sqlx`, SQL macros that ask the check database.
#
# The database's address travels by this script and not by cargo on purpose: cargo would count it as an
# input and build all of it a second time for the tests. As it is, check, test and demo share one build.
if [ -n "${DULY_SQLX_CHECK:-}" ] && [ -n "${SQLX_OFFLINE_DIR:-}" ]; then
    # SQLX_OFFLINE_DIR comes from build/sqlx.rs, in crates with macros alone. The folder is the schema.
    schema=$(basename "$CARGO_MANIFEST_DIR")
    export SQLX_OFFLINE=false
    export SQLX_OFFLINE_DIR="$DULY_SQLX_CHECK_DIR/$schema"
    export DATABASE_URL="$DULY_SQLX_CHECK?options=-csearch_path%3D$schema%2Cpublic"
fi
# A toolchain without clippy builds all the same; `check` insists on it.
command -v clippy-driver >/dev/null || exec "$@"
exec clippy-driver "$@"
