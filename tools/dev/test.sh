# Runs every test program there is and adds up what they say.
# shellcheck shell=bash
#
# A runner is an executable tests/runners/NN-name. It gets what to look for as $1 (empty: everything), prints its test
# framework's own summary, and exits non-zero when something failed. tools/dev/count.py reads the summaries. A runner that
# fails without naming a failed test, or that ran nothing although nothing was filtered, counts as one failure.

# matching_runners FILTER: the runners to start. A FILTER that is a runner's name selects it; any other goes to all.
matching_runners() {
  local filter=$1 runner name
  local -a all=(tests/runners/[0-9][0-9]-*)
  for runner in "${all[@]}"; do
    name=${runner##*/}
    if [[ $filter == "$name" || $filter == "${name#*-}" ]]; then
      echo "$runner"
      return 0
    fi
  done
  printf '%s\n' "${all[@]}"
}

# Of a runner, which may have to compile everything first: what hangs must end, be named, and let the others run.
runner_seconds=2700

# run_runner RUNNER FILTER: adds to `passed`, `failed` and `failures`.
run_runner() {
  local runner=$1 filter=$2 name=${1##*/} status=0 counts ok bad
  step "testing: $name" "test-$name" timeout --kill-after=15 "$runner_seconds" "$runner" "$filter" || status=$?
  counts=$(python3 tools/dev/count.py "$log_dir/test-$name.log") || counts="0 0"
  read -r ok bad <<<"$counts"
  local why=''
  if ((status == 124 || status == 137)); then
    bad=$((bad + 1)) why=" (ended after $(elapsed "$runner_seconds"), in the middle)"
  elif ((status != 0 && bad == 0)); then
    bad=1 why=" (the runner itself failed, exit $status)"
  elif ((ok + bad == 0)); then
    [[ -n $filter ]] && return 0
    bad=1 why=" (it ran nothing)"
  fi
  passed=$((passed + ok)) failed=$((failed + bad))
  printf '  %-16s %5d passed, %d failed%s\n' "$name" "$ok" "$bad" "$why"
  if ((bad > 0)); then failures+=("$name"); fi
}

cmd_test() {
  local filter=${1:-} runner name start=$SECONDS
  local passed=0 failed=0
  local -a failures=() runners
  setup build runtime test
  rm -f -- "$log_dir"/test-*.log
  mapfile -t runners < <(matching_runners "$filter")
  if ((${#runners[@]} == 1)); then filter=''; fi
  if [[ -z $filter && ${#runners[@]} -gt 1 ]] || [[ ${runners[0]} != *-lint ]]; then
    with_lock release build_preset release
    with_lock web build_all_web
  fi
  export -f say fail
  for runner in "${runners[@]}"; do run_runner "$runner" "$filter"; done
  for name in "${failures[@]}"; do
    printf '\n=== %s failed; whole log: %s/test-%s.log\n' "$name" "$log_dir" "$name"
    python3 tools/dev/count.py --failures "$log_dir/test-$name.log"
  done
  say "$(elapsed $((SECONDS - start))) in all; logs in $log_dir"
  say "$passed passed, $failed failed"
  ((failed == 0 && passed > 0))
}

cmd_lint() {
  setup build test
  tools/lint/run "$@"
}

cmd_format() {
  setup build test
  tools/lint/run --fix
}
