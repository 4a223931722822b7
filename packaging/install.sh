#!/usr/bin/env bash
# Puts the programs that `./dev build` has built where an operator's machine has them: packaging/install.sh [DESTDIR]
# The SDK is left out; cmake/install.cmake says what there is, docs/packaging.md what else can be done.
set -euo pipefail
cd "$(dirname "$0")/.."

for file in build/bin/heliographd build/bin/heliograph build/release/cmake_install.cmake web/console/dist/index.html \
  web/sdk/dist/kvs-webrtc.min.js; do
  [[ -e $file ]] || { echo "install.sh: there is no $file; run ./dev build first" >&2 && exit 1; }
done
for component in heliograph heliographd license; do
  DESTDIR=${1-} cmake --install build/release --component "$component" --strip
done
