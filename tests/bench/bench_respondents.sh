#!/usr/bin/env bash
# The shipped survey and its population are what the generator writes, byte by byte.
# usage: bench_respondents.sh GEN_RESPONDENTS SOURCE
set -euo pipefail
generator=$1 shipped=$2/datasets/demo/satisfaction
cmp <("$generator" --year 2024 --rows 5600 --seed 20) <(gzip -dc "$shipped/respondents-2024.csv.gz")
"$generator" --margins | cmp - "$shipped/margins-2024.csv"
# another seed or year is another survey, a wrong option is told
if cmp -s <("$generator" --seed 21) <("$generator"); then exit 1; fi
if cmp -s <("$generator" --year 2023) <("$generator"); then exit 1; fi
for wrong in "--rows x" "--year 24" "--seed" "more"; do
  # shellcheck disable=SC2086
  if "$generator" $wrong >/dev/null 2>&1; then echo "accepted: $wrong"; exit 1; fi
done
