#!/usr/bin/env bash
# publish.sh PROGRAM FOLDER: a run and its publication, for the readers.
set -euo pipefail
cd "$(dirname "$0")/../.."
rm -rf "$2"
mkdir -p "$2"
"$1" run models/mqci-liaoning.yaml datasets/demo/liaoning-2023.csv datasets/demo/liaoning-2024.csv -o "$2/out" >/dev/null
"$1" publish "$2/out" -o "$2/published" >/dev/null
