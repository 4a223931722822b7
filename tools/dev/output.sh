# What ./dev says: one line per step, one clear line per failure, and the log of everything else under build/logs.
# shellcheck shell=bash

log_dir=build/logs

say() { printf '%s\n' "$*"; }

# The one line a failure is reported in. Everything that can go wrong ends here.
fail() {
  printf 'dev: %s\n' "$*" >&2
  exit 1
}

elapsed() {
  local seconds=$1
  if ((seconds < 60)); then printf '%ds' "$seconds"; else printf '%dm%02ds' $((seconds / 60)) $((seconds % 60)); fi
}

# The end of a log as one short line: what a long step is doing right now.
last_line() {
  tail -c 2000 -- "$1" 2>/dev/null | tr '\r' '\n' | grep -v '^[[:space:]]*$' | tail -n 1 | cut -c 1-100 || true
}

# Rewrites the current line on a terminal; elsewhere (CI, a pipe) a line every 30 seconds has to do.
show_progress() {
  local title=$1 seconds=$2 log=$3
  if [[ -t 1 ]]; then
    printf '\r\033[K• %s (%s) %.60s' "$title" "$(elapsed "$seconds")" "$(last_line "$log")"
  elif ((seconds > 0 && seconds % 30 == 0)); then
    printf '  … %s (%s) %s\n' "$title" "$(elapsed "$seconds")" "$(last_line "$log")"
  fi
}

# step TITLE LOGNAME COMMAND…: runs COMMAND without stdin, its output in build/logs/LOGNAME.log, and shows that it is alive.
# Returns the command's status; the caller decides what a failure means.
step() {
  local title=$1 log="$log_dir/$2.log"
  shift 2
  mkdir -p -- "$log_dir" 2>/dev/null || fail_if_disk_is_full "" "cannot write to $PWD/$log_dir"
  [[ -t 1 ]] || say "• $title"
  local start=$SECONDS status=0 child shown=-1
  "$@" >"$log" 2>&1 </dev/null &
  child=$!
  # shellcheck disable=SC2064  # the id of this child, now
  trap "kill -TERM $child 2>/dev/null; wait $child 2>/dev/null; exit 130" INT TERM
  while kill -0 "$child" 2>/dev/null; do
    if ((SECONDS != shown)); then
      shown=$SECONDS
      show_progress "$title" $((SECONDS - start)) "$log"
    fi
    sleep 0.1
  done
  wait "$child" || status=$?
  trap - INT TERM
  [[ -t 1 ]] && printf '\r\033[K'
  if ((status == 0)); then
    if [[ -t 1 ]]; then
      say "✓ $title ($(elapsed $((SECONDS - start))))"
    elif ((SECONDS - start >= 30)); then
      say "  done: $title ($(elapsed $((SECONDS - start))))"
    fi
  fi
  return "$status"
}

# show_log LOGNAME [LINES]: the end of a step's log, for the failure that follows.
show_log() {
  tail -n "${2:-40}" -- "$log_dir/$1.log" >&2 || true
  say "(whole log: $log_dir/$1.log)" >&2
}

free_mib() { df -Pm -- "$1" | awk 'NR == 2 { print $4 }'; }

# require_space DIR MIB WHAT: refuses early, in words, what would otherwise break half way.
require_space() {
  local free
  free=$(free_mib "$1") || return 0
  ((free >= $2)) || fail "not enough disk space: $3 needs about $2 MiB, $(readlink -f -- "$1") has $free MiB free"
}

# fail_if_disk_is_full LOGNAME MESSAGE: after a failed step; names a full disk if that was it, else fails with MESSAGE.
fail_if_disk_is_full() {
  local log="$log_dir/$1.log" place
  for place in . /tmp /var/cache; do
    [[ -d $place ]] || continue
    if (($(free_mib "$place") < 20)); then fail "the disk is full: $(readlink -f -- "$place") has less than 20 MiB free"; fi
  done
  if [[ -n $1 ]] && grep -qi 'no space left on device\|not enough free space\|ENOSPC' -- "$log" 2>/dev/null; then
    fail "the disk is full (no space left on device; see $log)"
  fi
  fail "$2"
}

# quick_hash PATH…: one hash over the names and contents of files and folders, without what builds put there.
quick_hash() {
  local path
  for path; do
    [[ -e $path ]] || continue
    find "$path" \( -name node_modules -o -name dist -o -name lib -o -name '*.tsbuildinfo' \) -prune -o -type f -print0
  done | LC_ALL=C sort -z | xargs -0 -r sha256sum | sha256sum | cut -d ' ' -f 1
}

# with_lock NAME COMMAND…: one at a time, so that two ./dev in one work tree do not write the same files.
with_lock() {
  local name=$1 status=0 lock_fd
  shift
  mkdir -p build/locks 2>/dev/null || fail_if_disk_is_full "" "cannot write to $PWD/build"
  exec {lock_fd}>"build/locks/$name"
  flock -n "$lock_fd" || {
    say "• waiting for another ./dev to finish with: $name"
    flock "$lock_fd"
  }
  "$@" || status=$?
  exec {lock_fd}>&-
  return "$status"
}
