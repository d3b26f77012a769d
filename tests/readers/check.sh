#!/usr/bin/env bash
# check.sh PROGRAM FOLDER: reads a publication with the readers in FOLDER.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
command -v node >/dev/null && [[ -f $2/installed ]] || {
  echo "skipped: no node, or the readers are not installed"
  exit 77
}
"$here/publish.sh" "$1" "$2/demo"
cp "$here/check.mjs" "$here/tables.mjs" "$2"
cd "$2"
node check.mjs demo/published demo/out/scores.csv
node tables.mjs demo/published demo/out
"$here/publish.sh" "$1" "$2/strict" 290 # three cities and most industries are withheld
node tables.mjs strict/published strict/out
