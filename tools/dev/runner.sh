# For tests/runners: builds a preset and runs its tests, printing plainly to the log that ./dev test keeps.
# shellcheck shell=bash

source tools/dev/output.sh
source tools/dev/build.sh
HELIOGRAPH_ROOT=$PWD
export HELIOGRAPH_ROOT

# build_tests PRESET [TARGET…]
build_tests() { with_lock "$1" build_preset "$@"; }

# run_ctest PRESET FILTER [CTEST ARGUMENT…]
run_ctest() {
  local preset=$1 filter=$2
  shift 2
  export ASAN_OPTIONS=${ASAN_OPTIONS:-detect_stack_use_after_return=1:strict_string_checks=1}
  export UBSAN_OPTIONS=${UBSAN_OPTIONS:-print_stacktrace=1}
  export TSAN_OPTIONS=${TSAN_OPTIONS:-halt_on_error=1:second_deadlock_stack=1}
  ctest --test-dir "build/$preset" --output-on-failure --parallel "$(job_count)" ${filter:+--tests-regex "$filter"} "$@"
}

# run_node_tests FILTER [ARGUMENT…] FILE…: a file that hangs fails after 15 minutes, instead of holding up everything.
run_node_tests() {
  local filter=$1
  shift
  node --test --test-reporter=spec --test-timeout=900000 ${filter:+--test-name-pattern="$filter"} "$@"
}
