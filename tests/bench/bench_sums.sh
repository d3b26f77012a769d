#!/usr/bin/env bash
# The benchmark's models add up what they say: every sum of every unit of a small table equals SQLite's.
# usage: bench_sums.sh MQCI GEN_ENTERPRISES SOURCE
set -euo pipefail
mqci=$1 generator=$2 source=$3
folder=$(mktemp -d "${TMPDIR:-/tmp}/bench_sums.XXXXXX")
trap 'rm -rf "$folder"' EXIT

"$generator" --rows 10000 --years 2023-2024 --seed 11 --region nation --headers en --bad 0 -o "$folder/table.csv"

# check MODEL CONDITION: CONDITION says which rows count in a pair ("%s" and "%s" stand for its amounts)
check() {
  local model=$1 condition=$2 queries=() sums='' rolled='' id numerator denominator
  "$mqci" run "$source/bench/$model.yaml" "$folder/table.csv" -o "$folder/$model" >/dev/null
  while read -r id numerator denominator; do
    local where
    # shellcheck disable=SC2059
    where=$(printf "$condition" "$numerator" "$denominator")
    sums+=", sum(iif($where, cast($numerator AS integer), 0)) AS ${id}_n, sum(iif($where, cast($denominator AS integer), 0)) AS ${id}_d"
    rolled+=", sum(${id}_n) AS ${id}_n, sum(${id}_d) AS ${id}_d"
    queries+=("SELECT period, level, unit, '$id' AS indicator, ${id}_n AS n, ${id}_d AS d, rows FROM summed")
  done < <(sed -nE 's/.*\{id: (\w+),.* formula: (\w+) \/ (\w+),.*/\1 \2 \3/p' "$source/bench/$model.yaml")
  ((${#queries[@]} == 12)) || { echo "$model: 12 indicators expected, ${#queries[@]} found"; exit 1; }
  local wanted
  wanted=$(printf ' UNION ALL %s' "${queries[@]}")
  sqlite3 :memory: >"$folder/answer" <<SQL
.import --csv $folder/table.csv enterprise
.import --csv $folder/$model/indicators.csv found
CREATE TEMP TABLE cell AS SELECT year AS period, area_code, substr(area_code, 1, 2) || '0000' AS province,
  substr(industry_code, 1, 2) AS division, count(*) AS rows$sums FROM enterprise GROUP BY 1, 2, 4;
CREATE TEMP TABLE placed AS SELECT 'nation' AS level, '' AS unit, * FROM cell UNION ALL SELECT 'province', province, * FROM cell
  UNION ALL SELECT 'city', area_code, * FROM cell UNION ALL SELECT 'industry', division, * FROM cell
  UNION ALL SELECT 'province_industry', province || '|' || division, * FROM cell;
CREATE TEMP TABLE summed AS SELECT period, level, unit, sum(rows) AS rows$rolled
  FROM placed GROUP BY 1, 2, 3;
CREATE TEMP TABLE wanted AS ${wanted# UNION ALL };
SELECT 'wrong', w.*, f.numerator, f.denominator, f.enterprises FROM wanted w LEFT JOIN found f USING (period, level, unit, indicator)
  WHERE cast(f.numerator AS integer) IS NOT n OR cast(f.denominator AS integer) IS NOT d OR cast(f.enterprises AS integer) IS NOT rows LIMIT 10;
SELECT 'counts', (SELECT count(*) FROM wanted) = (SELECT count(*) FROM found), (SELECT count(*) > 9000 FROM wanted),
  (SELECT sum(n) > 0 FROM wanted);
SQL
  if [[ $(cat "$folder/answer") != 'counts|1|1|1' ]]; then
    echo "$model differs from SQLite:"
    cat "$folder/answer"
    exit 1
  fi
}

check bench-sums "1"
check bench-whole "%s <> '' AND %s <> ''"
echo "all sums agree"
