# Commands that run what was built: the service, the benchmarks, the fuzzers.
# shellcheck shell=bash

port_is_taken() { (exec 3<>"/dev/tcp/$1/$2") 2>/dev/null; }

# flag_value FLAG DEFAULT ARGUMENT…: what FLAG was given as, the last time it was given.
flag_value() {
  local flag=$1 value=$2 previous='' argument
  shift 2
  for argument; do
    case $argument in
      "$flag"=*) value=${argument#"$flag"=} ;;
      *) if [[ $previous == "$flag" ]]; then value=$argument; fi ;;
    esac
    previous=$argument
  done
  echo "$value"
}

# Waits, beside the service, until it answers; then says what to do next. Ends by itself.
announce() {
  local service=$1 host=$2 port=$3 data=$4 _
  for _ in {1..150}; do
    kill -0 "$service" 2>/dev/null || return 0
    if port_is_taken "$host" "$port"; then
      cat <<TEXT

Heliograph is running. Next:
  • Open http://localhost:$port in two tabs or browsers, and call one from the other.
  • Point any KVS client here:  eval "\$(build/bin/heliograph env --data $data)"
      aws kinesisvideo create-signaling-channel --channel-name demo --endpoint-url "\$AWS_ENDPOINT_URL_KINESIS_VIDEO"
  • Ctrl-C ends it. Its data stays in $data.

TEXT
      return 0
    fi
    sleep 0.2
  done
}

cmd_up() {
  if [[ ${1:-} == -- ]]; then shift; fi
  local address host port data
  data=$(flag_value --data "${HELIOGRAPH_DATA:-.heliograph}" "$@")
  address=$(flag_value --listen "${HELIOGRAPH_LISTEN:-127.0.0.1:3000}" "$@")
  port=${address##*:}
  host=${address%:*}
  host=${host#[}
  host=${host%]}
  case $host in '' | "$port" | 0.0.0.0 | '*' | :: | localhost) host=127.0.0.1 ;; esac
  if [[ $port =~ ^[1-9][0-9]*$ ]] && port_is_taken "$host" "$port"; then
    fail "port $port is taken by another program: end it, or choose another with './dev up --listen 127.0.0.1:PORT'"
  fi
  setup build runtime
  with_lock release build_preset release
  with_lock web build_all_web
  [[ -x build/bin/heliographd ]] || fail "build/bin/heliographd was not built (see $log_dir/build-release.log)"
  # A grandchild, so that the service, whose process this becomes, does not find itself with a child it does not know.
  if [[ $port =~ ^[1-9][0-9]*$ ]]; then (announce $$ "$host" "$port" "$data" &); fi
  [[ $(flag_value --data '' "$@") ]] || set -- --data "$data" "$@"
  exec build/bin/heliographd "$@"
}

# PeerJS' server and ws have a lock file of their own: only the comparison needs them.
setup_bench_peer() {
  [[ -d bench/node_modules && bench/node_modules/.package-lock.json -nt bench/package-lock.json ]] && return 0
  if ! step "installing what heliographd is compared with" npm-bench npm ci --prefix bench --no-audit --no-fund; then
    show_log npm-bench 8
    fail "PeerJS' server and ws could not be installed (see $log_dir/npm-bench.log)"
  fi
}

# `./dev bench`: the micro-benchmarks, then the comparison; `./dev bench compare [FLAGS]`, or flags alone: only that; any
# other FILTER chooses among the micro-benchmarks.
cmd_bench() {
  local first=${1:-}
  setup build test bench
  with_lock bench build_preset bench
  if [[ $first != compare && $first != --* ]]; then
    build/bench/bin/bench_micro ${first:+--benchmark_filter="$first"} || fail "bench_micro failed"
    if [[ -n $first ]]; then return 0; fi
  fi
  if [[ $first == compare ]]; then shift; fi
  setup_bench_peer
  python3 bench/run.py "$@" || fail "the comparison failed: a server gave a wrong answer, or --check found something slower"
}

# One fuzz target for a while. Its corpus grows under build/; a crash lands in tests/fuzz/crashes/TARGET, to be kept.
run_fuzzer() {
  local target=$1 seconds=$2 work="build/fuzz/corpus/$1" crashes="tests/fuzz/crashes/$1"
  local -a corpora=("$work")
  [[ -d tests/fuzz/corpus/$target ]] && corpora+=("tests/fuzz/corpus/$target")
  [[ -d $crashes ]] && corpora+=("$crashes")
  mkdir -p "$work" build/fuzz/crashes
  if ! step "fuzzing $target for ${seconds} s" "fuzz-$target" "build/fuzz/bin/fuzz_$target" -max_total_time="$seconds" \
    -timeout=5 -rss_limit_mb=2048 -print_final_stats=1 -artifact_prefix="build/fuzz/crashes/$target-" "${corpora[@]}"; then
    show_log "fuzz-$target" 30
    fail_if_disk_is_full "fuzz-$target" "fuzzing $target found a fault: move build/fuzz/crashes/$target-* to $crashes/ and write its unit test"
  fi
  say "  $target: $(grep -o 'stat::number_of_executed_units:.*\|^Done [0-9]* runs.*' "$log_dir/fuzz-$target.log" | tail -n 1)"
}

# Not a part of `./dev test`, which has a minute of it.
cmd_soak() {
  setup build runtime test
  with_lock release build_preset release
  exec node tests/soak/soak.mjs "${1:-30}" "${2:-2000}"
}

cmd_fuzz() {
  setup build test
  local -a targets
  mapfile -t targets < <(find tests/fuzz/targets -name '*.cpp' -printf '%f\n' 2>/dev/null | sed 's/\.cpp$//' | sort)
  ((${#targets[@]} > 0)) || fail "there are no fuzz targets in tests/fuzz/targets"
  if [[ ${1:-} =~ ^[0-9]+$ ]]; then set -- '' "$1"; fi
  local chosen=${1:-} seconds=${2:-60} target
  if [[ -n $chosen ]]; then
    [[ -f tests/fuzz/targets/$chosen.cpp ]] || fail "there is no fuzz target '$chosen'; there are: ${targets[*]}"
    targets=("$chosen")
  fi
  say "Fuzz targets: ${targets[*]}"
  with_lock fuzz build_preset fuzz "${targets[@]/#/fuzz_}"
  for target in "${targets[@]}"; do run_fuzzer "$target" "$seconds"; done
}
