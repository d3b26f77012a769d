#!/usr/bin/env bash
# golden.sh PROGRAM CASE [update]: runs tests/golden/CASE/run (operands of `mqci run`, one line) and compares every published
# table with tests/golden/CASE/expected/. With `update` it replaces them: read the difference before you commit it.
set -euo pipefail
cd "$(dirname "$0")/$2"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
read -r -a words <run
"$1" run "${words[@]}" -o "$work/out" >"$work/summary"
sed -i "s|$work/out|OUT|" "$work/summary"
mkdir "$work/found"
cp "$work"/out/tables/*.csv "$work"/out/{findings,rejects,warnings,offenders}.csv "$work/found"
cp "$work/summary" "$work/found/summary.txt"
# digests and versions change with every release; everything else is compared byte by byte
sed -i -E 's/[0-9a-f]{64}/SHA256/g; s/mqci [0-9]+\.[0-9]+\.[0-9]+/mqci VERSION/; s/[0-9]+\.[0-9]+\.[0-9]+(,|\r|$)/VERSION\1/' "$work"/found/notes*.csv 2>/dev/null || true
if [[ ${3:-} == update ]]; then
  rm -rf expected
  cp -r "$work/found" expected
fi
diff -r expected "$work/found" && echo "$2: $(ls expected | wc -l) published files are the same"
