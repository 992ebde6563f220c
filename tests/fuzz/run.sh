#!/bin/sh
# SPDX-License-Identifier: GPL-3.0-or-later
# tests/fuzz/run.sh SECONDS FOLDER [NAME...]: every fuzz target (or those named) for so many seconds, from the files below
# tests/corpus and $SEEDS that its format claims, with its dictionary. Findings and what was learnt stay in FOLDER.
# MOST=8000 cuts the seeds to so many bytes (120000): long texts are slow, and a few rows do for their reader.
# Needs `cmake --preset fuzz && cmake --build --preset fuzz` and a release build. Leaks are looked for where no foreign
# library reads the file (libgsf keeps memory of damaged OLE2 files).
set -eu
seconds=$1 folder=$2 most=${MOST:-120000}
shift 2
cd "$(dirname "$0")/../.."
mkdir -p "$folder/found"
find tests/corpus ${SEEDS:-} -type f -size -120k | while read -r file; do
    format=$(build/assay identify "$file" 2>/dev/null | cut -f 2 | tr - _ | head -n 1)
    [ -n "$format" ] || continue
    mkdir -p "$folder/$format"
    head -c "$most" "$file" >"$folder/$format/$(sha256sum "$file" | cut -c 1-16)"
done
[ $# -gt 0 ] || set -- $(ls build/fuzz/tests | sed -n 's/^fuzz_\([a-z0-9_]*\)$/\1/p')
for name in "$@"; do
    mkdir -p "$folder/$name"
    leaks=1
    case $name in *ole* | *vgd* | *jws* | *l6s* | *xls | *opj*) leaks=0 ;; esac
    status=0
    build/fuzz/tests/fuzz_"$name" -max_total_time="$seconds" -rss_limit_mb=2600 -timeout=10 -max_len="$most" \
        -len_control=0 -print_final_stats=1 -detect_leaks=$leaks -dict=build/fuzz/tests/fuzz_"$name".dict \
        -artifact_prefix="$folder/found/$name-" "$folder/$name" >"$folder/$name.log" 2>&1 || status=$?
    echo "$name exit $status runs $(sed -n 's/.*number_of_executed_units: *//p' "$folder/$name.log")"
done
