#!/usr/bin/env bash
# install.sh FOLDER: the readers, into the build; 77 where there is no node to run them.
set -euo pipefail
command -v node >/dev/null && command -v npm >/dev/null || {
  echo "skipped: node and npm are not installed, so nothing is read with other people's readers"
  exit 77
}
mkdir -p "$1"
cd "$(dirname "$0")"
cmp -s package-lock.json "$1/installed" && [[ -d $1/node_modules ]] && exit 0
cp package.json package-lock.json "$1"
cd "$1"
npm ci --ignore-scripts --no-audit --no-fund --loglevel=error || {
  echo "skipped: the packages of tests/readers/package-lock.json cannot be installed here"
  exit 77
}
cp package-lock.json installed
