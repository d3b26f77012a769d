# sum_model.sh MODEL SUMS AMOUNTS: a model with the inputs, scope and rules of MODEL that sums every amount by city and
# division; AMOUNTS lists "id column".
set -euo pipefail
sed "/^levels:/,\$d; s|\.\./datasets|$PWD/datasets|" "$1" >"$2"
printf 'levels: [{id: cell, by: [region.city, industry.division]}]\nindicators:\n' >>"$2"
grep 'type: amount' "$1" | sed -E 's/.*id: ([a-z_]+),.*column: \[([^],]+)[],].*/\1 \2/' >"$3"
[ "$(wc -l <"$3")" -ge 20 ]
while read -r id _; do
  printf '  - {id: s_%s, formula: %s, missing: zero, normalise: {method: none}}\n' "$id" "$id" >>"$2"
done <"$3"
