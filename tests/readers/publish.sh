#!/usr/bin/env bash
# publish.sh PROGRAM FOLDER [FEWEST]: a run and its publication, for the readers; FEWEST: no smaller unit is shown.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf "$2"
mkdir -p "$2"
model=models/mqci-liaoning.yaml
if [[ -n ${3:-} ]]; then
  sed -e "s#\.\./datasets#$PWD/datasets#" -e "s/^rounding:/disclosure: {min_enterprises: $3}\n&/" $model >"$2/model.yaml"
  model=$2/model.yaml
fi
"$1" run "$model" datasets/demo/liaoning-2023.csv datasets/demo/liaoning-2024.csv -o "$2/out" >/dev/null
"$1" publish "$2/out" -o "$2/published" >/dev/null
