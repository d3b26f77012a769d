# sqlite_sums.sh RECORDS OUT AMOUNTS FILE...: the sums of OUT/indicators.csv computed by SQLite from the data files: rows listed in
# OUT/rejects.csv and micro enterprises left out. RECORDS is the test tool that finds records and their lines. Prints "period,unit,indicator,sum", sorted.
set -euo pipefail
records=$1 out=$2 amounts=$3
shift 3
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
header=$(head -1 "$1" | sed 's/^\xef\xbb\xbf//; s/\r//')
{ echo "file,line,$header"; "$records" "$@" | sed -E 's/^([^\t]*)\t([0-9]+)\t/\1,\2,/'; } >"$work/enterprises.csv"
{ echo "file,line"; sed 1d "$out/rejects.csv" | grep -oE '^[^,]+,[0-9]+' | sort -u; } >"$work/rejected.csv"
sqlite3 "$work/db" >"$work/talk" 2>&1 <<SQL || { tail -3 "$work/talk" >&2; exit 1; }
.mode csv
.import datasets/codes/region.csv region
.import $work/rejected.csv rejected
.import $work/enterprises.csv enterprises
CREATE INDEX by_place ON rejected(file, line);
SQL
while read -r id column; do
  # a county counts in its city, a city in itself; blank everywhere is missing, not zero
  echo "SELECT e.年份 || ',' || city.code || '|' || substr(e.行业代码,1,2) || ',s_$id,' || coalesce(sum(CASE WHEN e.\"$column\" NOT IN ('', '-', '—', '…', 'NA') THEN CAST(e.\"$column\" AS INTEGER) END), '')
    FROM enterprises e JOIN region r ON r.code = e.行政区划代码
    JOIN region city ON city.code = CASE r.level WHEN 'county' THEN r.parent ELSE r.code END AND city.level = 'city'
    WHERE CAST(e.企业规模 AS INTEGER) <= 3
      AND NOT EXISTS (SELECT 1 FROM rejected x WHERE x.file = e.file AND x.line = e.line)
    GROUP BY e.年份, city.code, substr(e.行业代码,1,2);"
done <"$amounts" >"$work/sums.sql"
sqlite3 "$work/db" <"$work/sums.sql" | LC_ALL=C sort
