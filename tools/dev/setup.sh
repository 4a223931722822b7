# Installs what is missing and nothing else: Debian packages by name, Node if there is none, npm packages from the lock.
# shellcheck shell=bash

readonly minimum_node=18

# packages_in GROUP: the names under [GROUP] in this Debian release's list.
packages_in() {
  awk -v group="[$1]" '/^\[/ { inside = ($1 == group); next } inside && NF && !/^#/ { print $1 }' "$package_list"
}

os_release() { sed -n "s/^$1=//p" /etc/os-release 2>/dev/null | tr -d '"'; }

find_package_list() {
  package_list="tools/packages/$(os_release ID)-$(os_release VERSION_ID).txt"
  [[ -f $package_list ]] ||
    fail "set-up knows Debian 12 and 13 only, this is $(os_release PRETTY_NAME): install the equivalents of tools/packages/debian-12.txt and set HELIOGRAPH_NO_SETUP=1"
}

missing_packages() {
  local wanted=("$@") installed
  installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' "${wanted[@]}" 2>/dev/null | awk '$1 == "installed" { print $2 }') || true
  comm -23 <(printf '%s\n' "${wanted[@]}" | LC_ALL=C sort -u) <(printf '%s\n' "$installed" | LC_ALL=C sort -u)
}

# Sets `as_root` to what must stand before a command to run it as root.
find_root() {
  if ((EUID == 0)); then
    as_root=()
  elif ! command -v sudo >/dev/null; then
    fail "installing needs root, and there is no sudo: run 'apt-get install --no-install-recommends $*' as root, then try again"
  elif sudo -n true 2>/dev/null; then
    as_root=(sudo -n)
  elif [[ -t 0 && -z ${CI:-} ]]; then
    say "Installing Debian packages needs root; sudo may ask for your password."
    sudo -v || fail "sudo refused: run 'apt-get install --no-install-recommends $*' as root, then try again"
    as_root=(sudo)
  else
    fail "installing needs root, and sudo wants a password nobody can type here: run 'apt-get install --no-install-recommends $*' as root, then try again"
  fi
}

apt_get() {
  "${as_root[@]}" env DEBIAN_FRONTEND=noninteractive LC_ALL=C apt-get -y -q -o DPkg::Lock::Timeout=900 -o Acquire::Retries=3 \
    -o APT::Color=0 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confdef -o Dpkg::Options::=--force-confold "$@"
}

# `apt-get update` does not wait for its own lock, and warns where it should fail: so we wait, and let the install judge.
apt_update() {
  local deadline=$((SECONDS + 900)) output
  while true; do
    output=$(apt_get update 2>&1) && break
    printf '%s\n' "$output"
    grep -q 'Could not get lock\|Unable to lock' <<<"$output" || return 1
    ((SECONDS < deadline)) || return 1
    sleep 3
  done
  printf '%s\n' "$output"
}

apt_install() {
  if compgen -G '/var/lib/apt/lists/*_Packages*' >/dev/null; then
    apt_get install --no-install-recommends "$@" && return 0
  fi
  apt_update || true
  apt_get install --no-install-recommends "$@"
}

# install_packages WHAT MIB NAME…: the names that are missing; MIB is what all of them need when none is there.
install_packages() {
  local what=$1 mib=$2 missing
  shift 2
  mapfile -t missing < <(missing_packages "$@")
  ((${#missing[@]} == 1)) && [[ -z ${missing[0]} ]] && missing=()
  ((${#missing[@]} > 0)) || return 0
  local as_root
  find_root "${missing[@]}"
  require_space /usr $((mib * ${#missing[@]} / $# + 200)) "installing ${#missing[@]} Debian packages"
  step "installing ${#missing[@]} Debian packages ($what)" "apt-$what" apt_install "${missing[@]}" && return 0
  explain_apt_failure "apt-$what"
}

explain_apt_failure() {
  local log="$log_dir/$1.log"
  grep -a '^E: \|^W: Failed' -- "$log" | tail -n 5 >&2 || true
  if grep -qi 'temporary failure resolving\|could not resolve\|could not connect\|connection timed out\|connection refused\|network is unreachable\|unable to connect\|failed to fetch' -- "$log"; then
    fail_if_disk_is_full "$1" "the Debian mirror cannot be reached: check the network and /etc/apt/sources.list (see $log)"
  fi
  if grep -q 'Unable to locate package\|has no installation candidate' -- "$log"; then
    fail "the configured Debian mirror does not carry every package of $package_list: check /etc/apt/sources.list (see $log)"
  fi
  if grep -q 'Could not get lock\|Unable to lock\|Unable to acquire' -- "$log"; then
    fail "another program holds the package lock for 15 minutes already: end it, then try again (see $log)"
  fi
  fail_if_disk_is_full "$1" "Debian packages could not be installed (see $log)"
}

node_major() { "$1" -p 'process.versions.node.split(".")[0]' 2>/dev/null || echo 0; }

# Any Node that is new enough will do, whoever installed it; Debian's is installed only where there is none.
setup_node() {
  if (($(node_major node) >= minimum_node)) && command -v npm >/dev/null; then return 0; fi
  if [[ ! -x /usr/bin/node || ! -x /usr/bin/npm ]]; then
    local names
    mapfile -t names < <(packages_in node)
    install_packages node 400 "${names[@]}"
  fi
  hash -r
  # An older Node earlier in PATH must not win.
  if (($(node_major node) < minimum_node)) || ! command -v npm >/dev/null; then PATH="/usr/bin:$PATH"; fi
  local major
  major=$(node_major node)
  ((major >= minimum_node)) || fail "Node $minimum_node or newer is needed, but $(command -v node || echo node) is $major: update it or take it out of PATH"
  command -v npm >/dev/null || fail "Node is there but npm is not: install npm, then try again"
}

# `npm ci` whenever the lock file or a package.json changed, into node_modules at the root of the workspace.
setup_npm() {
  [[ -f package-lock.json ]] || return 0
  local stamp=build/stamps/npm now
  now="$(node --version) $(sha256sum package-lock.json package.json web/*/package.json tests/package.json 2>/dev/null | sha256sum)"
  [[ -d node_modules && -f $stamp && $(<"$stamp") == "$now" ]] && return 0
  require_space . 400 "installing npm packages"
  # Node has its own list of authorities; an organisation's own is in the system's.
  if [[ -z ${NODE_EXTRA_CA_CERTS:-} && -r /etc/ssl/certs/ca-certificates.crt ]]; then
    export NODE_EXTRA_CA_CERTS=/etc/ssl/certs/ca-certificates.crt
  fi
  export PUPPETEER_SKIP_DOWNLOAD=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
  if ! step "installing npm packages from the lock file" npm-ci npm ci --no-audit --no-fund --loglevel=warn; then
    if grep -q 'EUSAGE' "$log_dir/npm-ci.log"; then
      fail "package-lock.json does not go with the package.json files: run 'npm install' once and commit what it changed"
    fi
    show_log npm-ci 8
    if grep -q 'CERT_\|_CERT\|certificate' "$log_dir/npm-ci.log"; then
      fail "the npm registry's certificate is not trusted: name your network's authority in NODE_EXTRA_CA_CERTS"
    fi
    if grep -q 'ENOTFOUND\|EAI_AGAIN\|ECONNREFUSED\|ECONNRESET\|ETIMEDOUT\|ERR_SOCKET_TIMEOUT\|ENETUNREACH\|network' "$log_dir/npm-ci.log"; then
      fail_if_disk_is_full npm-ci "the npm registry cannot be reached: check the network and 'npm config get registry'"
    fi
    fail_if_disk_is_full npm-ci "npm packages could not be installed (see $log_dir/npm-ci.log)"
  fi
  mkdir -p build/stamps
  printf '%s' "$now" >"$stamp"
}

# setup GROUP…: makes the machine ready for GROUPs of the package list.
setup() {
  [[ -z ${HELIOGRAPH_NO_SETUP:-} ]] || return 0
  local package_list group names
  find_package_list
  for group; do
    mapfile -t names < <(packages_in "$group")
    ((${#names[@]} > 0)) || fail "there is no package group '$group' in $package_list"
    case $group in
      build) install_packages "$group" 1500 "${names[@]}" ;;
      test) install_packages "$group" 2800 "${names[@]}" ;;
      *) install_packages "$group" 300 "${names[@]}" ;;
    esac
  done
  setup_node
  with_lock npm setup_npm
}

cmd_setup() {
  if (($# == 0)); then set -- build runtime test; fi
  setup "$@"
  say "Everything is installed: $*."
}
