#!/bin/sh
# RUSTDOC of `cargo xtask check`: cargo calls it to run a crate's doc tests, and it makes the crate's pages
# instead. `cargo doc` would check every dependency once more, only to read what the build has built already.
for arg; do
    shift
    if [ -n "${skip:-}" ]; then
        skip=
        continue
    fi
    case $arg in
        --test) ;;
        --test-run-directory | --test-args) skip=1 ;;
        *) set -- "$@" "$arg" ;;
    esac
done
exec rustdoc -D warnings --out-dir "$DULY_DOCS" "$@"
