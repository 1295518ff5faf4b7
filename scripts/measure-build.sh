#!/usr/bin/env bash
# Prints what the first command of the README costs: a clean release build, in a folder of its own.
# Usage: scripts/measure-build.sh    (on a machine that does nothing else; downloads are not counted)
set -euo pipefail
cd "$(dirname "$0")/.."
target=$(mktemp -d)
trap 'rm -rf "$target"' EXIT
cargo fetch --locked --quiet
echo "crates in the tree: $(cargo tree --locked --edges normal,build --prefix none | sed "s| (\*)||" | sort -u | wc -l)"
echo "load average before: $(cut -d' ' -f1 /proc/loadavg), cores: $(nproc)"
TIMEFORMAT='clean release build: %R s wall, %U s CPU in user mode, %S s in the kernel'
time CARGO_TARGET_DIR=$target cargo build --release --locked --quiet
echo "binary: $(($(stat -c %s "$target/release/baton") / 1000)) kB"
