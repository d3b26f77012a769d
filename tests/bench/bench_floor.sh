#!/usr/bin/env bash
# The floor of the benchmark adds up the same rows as mqci: every sum of every unit is equal, spoilt rows and all.
# usage: bench_floor.sh MQCI GEN_ENTERPRISES FLOOR SOURCE
set -euo pipefail
mqci=$1 generator=$2 floor=$3 source=$4
folder=$(mktemp -d "${TMPDIR:-/tmp}/bench_floor.XXXXXX")
trap 'rm -rf "$folder"' EXIT

# Many rows are spoilt and half the names are quoted. With this seed a piece of 1 MiB ends before a quoted line break.
"$generator" --rows 20000 --years 2022-2024 --seed 47 --region nation --headers en --bad 0.1 --quoted 0.5 \
  --missing 0.05 -o "$folder/table.csv"
"$mqci" run "$source/bench/bench-sums.yaml" "$folder/table.csv" -o "$folder/mqci" --max-rejects 20% >/dev/null
"$floor" "$folder/table.csv" "$folder/1" 1
"$floor" "$folder/table.csv" "$folder/3" 3
"$floor" "$folder/table.csv" "$folder/plain" 2 plain
diff -r "$folder/1" "$folder/3"
diff -r "$folder/1" "$folder/plain"

queries=''
for level in nation province city industry province_industry; do
  while read -r id; do
    queries+=" UNION ALL SELECT period, '$level', unit, '$id', rows, ${id}_n, ${id}_d FROM $level"
  done < <(sed -nE 's/.*\{id: (\w+),.* formula: .*/\1/p' "$source/bench/bench-sums.yaml")
done
sqlite3 :memory: >"$folder/answer" <<SQL
$(for level in nation province city industry province_industry; do echo ".import --csv $folder/1/$level.csv $level"; done)
.import --csv $folder/mqci/indicators.csv found
CREATE TEMP TABLE wanted (period, level, unit, indicator, rows, n, d);
INSERT INTO wanted ${queries# UNION ALL };
SELECT 'wrong', w.*, f.numerator, f.denominator, f.enterprises FROM wanted w LEFT JOIN found f USING (period, level, unit, indicator)
  WHERE cast(f.numerator AS integer) IS NOT cast(n AS integer) OR cast(f.denominator AS integer) IS NOT cast(d AS integer)
    OR cast(f.enterprises AS integer) IS NOT cast(rows AS integer) LIMIT 10;
SELECT 'counts', (SELECT count(*) FROM wanted) = (SELECT count(*) FROM found), (SELECT count(*) > 20000 FROM wanted),
  (SELECT sum(rows) BETWEEN 18000 * 12 AND 19000 * 12 FROM wanted WHERE level = 'nation');
SQL
if [[ $(cat "$folder/answer") != 'counts|1|1|1' ]]; then
  echo "the floor differs from mqci:"
  cat "$folder/answer"
  exit 1
fi
echo "all sums agree"
