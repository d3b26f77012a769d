#!/usr/bin/env bash
# bench/publish names every format, measures what it says, and fails where a bound or the program fails. No time is asserted.
# usage: bench_publish.sh MQCI SOURCE
set -euo pipefail
mqci=$1 bench=$2/bench/publish
folder=$(mktemp -d "${TMPDIR:-/tmp}/bench_publish.XXXXXX")
trap 'rm -rf "$folder"' EXIT
fail() { echo "$1"; cat "$folder"/* 2>/dev/null; exit 1; }

"$bench" --mqci "$mqci" --runs 1 --bound 100000 >"$folder/table"
formats=$("$mqci" publish . -o "$folder/no" --formats nonsense 2>&1 | sed 's/.*known are //; s/,* and all.*//; s/,//g' || true)
(($(wc -w <<<"$formats") >= 11)) || fail "formats: $formats"
for format in $formats all '.mqci run.'; do
  grep -qE "^\\| $format \\| [0-9.]+ \\(" "$folder/table" || fail "$format has no row"
done
(($(grep -c '^| ' "$folder/table") == $(wc -w <<<"$formats") + 4)) || fail "rows"

# A program that takes a tenth of a second for everything misses a bound of half of it twice.
cat >"$folder/slow" <<'SLOW'
#!/usr/bin/env bash
while [[ $1 != -o ]]; do shift; done
mkdir -p "$2"
sleep 0.1
SLOW
chmod +x "$folder/slow"
status=0
"$bench" --mqci "$folder/slow" --runs 3 --bound 0.05 >"$folder/missed" || status=$?
((status == 1)) || fail "a missed bound ends with $status"
awk -F'[|(]' '/^\| (csv|all) / && ($3 < 0.1 || $7 < 2) { bad = 1 } END { exit bad }' "$folder/missed" || fail "seconds"

status=0
"$bench" --mqci /bin/false --runs 1 >"$folder/failed" || status=$?
((status == 1)) || fail "a program that fails ends with $status"
status=0
"$bench" --no-such-option 1 2>/dev/null || status=$?
((status == 64)) || fail "an unknown option ends with $status"
