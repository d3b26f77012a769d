#!/usr/bin/env bash
# The shipped samples and weights are what the generator writes, byte by byte.
# usage: bench_inspections.sh GEN_INSPECTIONS SOURCE
set -euo pipefail
generator=$1 shipped=$2/datasets/demo/quality
"$generator" --rows 12000 --years 2023-2024 | cmp - "$shipped/inspections.csv"
"$generator" --output city_industry --years 2023 | cmp - "$shipped/output-city-industry.csv"
"$generator" --output city --years 2023 | cmp - "$shipped/output-city.csv"
# more rows begin with the same ones; wrong options are told
cmp <("$generator" --rows 100 --years 2023-2024) <("$generator" --rows 200 --years 2023-2024 | head -n 101)
for wrong in "--rows x" "--years 24" "--output town" "--enterprises 0" "more"; do
  # shellcheck disable=SC2086
  if "$generator" $wrong >/dev/null 2>&1; then echo "accepted: $wrong"; exit 1; fi
done
