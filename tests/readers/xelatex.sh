#!/usr/bin/env bash
# xelatex.sh PROGRAM FOLDER: sets tex/example.tex of a publication.
set -euo pipefail
command -v xelatex >/dev/null || {
  echo "skipped: xelatex is not installed; tex/example.tex was not set"
  exit 77
}
"$(dirname "$0")/publish.sh" "$1" "$2/set"
cd "$2/set/published/tex"
for time in first second; do
  xelatex -interaction=nonstopmode -halt-on-error example.tex >"$time.log" || { tail -40 "$time.log"; exit 1; }
done
if grep -E "undefined|No published value|Missing character" second.log; then exit 1; fi
! command -v pdftotext >/dev/null || pdftotext -layout example.pdf - | grep 87.72 >/dev/null
