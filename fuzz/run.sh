#!/usr/bin/env bash
# Fuzzes everything that reads what others attach, and keeps what was found.
#   fuzz/run.sh [SECONDS for each target] [TARGET…]
# Needs nightly and cargo-fuzz (cargo install cargo-fuzz --locked). Stops at a crash, a run over 1 s or over 512 MB.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:-60}
shift || true
targets=("${@:-}")
[ -n "${targets[0]}" ] || targets=(mail transcript note)
for target in "${targets[@]}"; do
    mkdir -p "fuzz/corpus/$target"
    if [ -f "fuzz/kept/$target.tar.gz" ]; then tar -xzf "fuzz/kept/$target.tar.gz" -C fuzz/corpus; fi
    cargo +nightly fuzz run -s none --release --no-trace-compares "$target" -- \
        -max_total_time="$seconds" -timeout=1 -rss_limit_mb=512 -max_len=4096 -dict=fuzz/words.dict -print_final_stats=1
    cargo +nightly fuzz cmin -s none --release --no-trace-compares "$target" -- -max_len=4096
    mkdir -p fuzz/kept
    # The smallest say most for their size: a few hundred kilobytes are enough to start from.
    (cd fuzz/corpus && find "$target" -type f -size -200c -printf '%s %p\n' | sort -n | awk 'NR <= 3000 { print $2 }' |
        tar -czf "../kept/$target.tar.gz" -T -)
done
