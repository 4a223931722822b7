#!/usr/bin/env bash
# Puts what `./dev build` has built where an operator's machine has it: packaging/install.sh [DESTDIR]
set -euo pipefail
cd "$(dirname "$0")/.."
readonly destination=${1-}

# need FILE WHAT: fails with what is to be done when it is missing.
need() { [[ -e $1 ]] || { echo "install.sh: there is no $1; run ./dev build first" >&2 && exit 1; }; }

# put MODE FOLDER FILE…
put() {
  local mode=$1 folder=$destination$2
  shift 2
  install -d "$folder"
  install -m "$mode" "$@" "$folder"
}

readonly manuals=${HELIOGRAPH_MANUALS:-build/release/manuals} programs=${HELIOGRAPH_PROGRAMS:-build/bin}
for file in "$programs/heliographd" "$programs/heliograph" "$manuals/heliographd.8" web/console/dist/index.html \
  web/sdk/dist/kvs-webrtc.min.js; do
  need "$file"
done

put 755 /usr/bin "$programs/heliographd" "$programs/heliograph"
put 644 /usr/share/man/man8 "$manuals/heliographd.8"
put 644 /usr/share/man/man1 "$manuals/heliograph.1"
put 644 /usr/share/man/man5 "$manuals/heliograph.toml.5"
put 644 /usr/share/bash-completion/completions "$manuals/heliographd.bash" "$manuals/heliograph.bash"
for program in heliographd heliograph; do
  mv "$destination/usr/share/bash-completion/completions/$program.bash" \
    "$destination/usr/share/bash-completion/completions/$program"
done
put 644 /usr/lib/systemd/system packaging/systemd/heliographd.service
install -d "$destination/usr/share/heliograph/web"
cp -r web/console/dist/. web/sdk/dist/kvs-webrtc.min.js "$destination/usr/share/heliograph/web/"
put 644 /usr/share/heliograph/prometheus packaging/prometheus/heliograph.rules.yml
put 644 /usr/share/heliograph/grafana packaging/grafana/heliograph.json
put 644 /usr/share/heliograph/policies examples/policies/*.json
put 644 /usr/share/doc/heliograph LICENSE
