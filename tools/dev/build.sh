# Builds: one folder of build/ per CMake preset, the web packages beside their sources. Nothing is done twice.
# shellcheck shell=bash

# Compiling one file here takes up to 1.5 GiB; as many jobs as processors unless memory says fewer.
job_count() {
  local processors by_memory
  processors=$(nproc)
  by_memory=$(awk '/^MemAvailable/ { print int($2 / 1024 / 1536) }' /proc/meminfo)
  if ((by_memory < 1)); then by_memory=1; fi
  echo $((by_memory < processors ? by_memory : processors))
}

# ccache finds the same file again whichever clone, preset folder or time it was compiled in.
setup_ccache() {
  export CCACHE_BASEDIR=$HELIOGRAPH_ROOT CCACHE_NOHASHDIR=1
  export CCACHE_SLOPPINESS=time_macros,include_file_mtime,include_file_ctime
  export CCACHE_MAXSIZE=${CCACHE_MAXSIZE:-5G}
  if [[ ! -w ${CCACHE_DIR:-${XDG_CACHE_HOME:-${HOME:-/nonexistent}}} ]]; then export CCACHE_DIR=$PWD/build/ccache; fi
}

configure_preset() {
  local preset=$1 stamp="build/stamps/configure-$1" now
  now=$(sha256sum CMakePresets.json | cut -d ' ' -f 1)
  [[ -f build/$preset/build.ninja && -f $stamp && $(<"$stamp") == "$now" ]] && return 0
  if ! step "configuring the $preset build" "configure-$preset" cmake --preset "$preset"; then
    show_log "configure-$preset" 20
    fail_if_disk_is_full "configure-$preset" "the $preset build could not be configured (see $log_dir/configure-$preset.log)"
  fi
  mkdir -p build/stamps
  printf '%s' "$now" >"$stamp"
}

# build_preset PRESET [TARGET…]: configures when needed, then lets ninja find what changed.
build_preset() {
  local preset=$1 log="build-$1"
  shift
  setup_ccache
  if [[ ! -f build/$preset/build.ninja ]]; then require_space . 1500 "the $preset build"; fi
  configure_preset "$preset"
  local -a command=(cmake --build "build/$preset" --parallel "$(job_count)")
  (($# > 0)) && command+=(--target "$@")
  step "building ($preset)" "$log" "${command[@]}" && return 0
  sed -n '/^FAILED/,$p' "$log_dir/$log.log" | grep -v '^ccache \|^\[[0-9]*/[0-9]*\]\|^: && ' | head -n 40 >&2 || show_log "$log" 20
  fail_if_disk_is_full "$log" "the $preset build failed (see $log_dir/$log.log)"
}

# build_web FOLDER: `npm run build` in one workspace, when its sources (or the SDK's, which the console uses) changed.
build_web() {
  local folder=$1 name stamp now
  shift
  [[ -f $folder/package.json ]] && grep -q '"build"' "$folder/package.json" || return 0
  name=$(basename "$folder")
  stamp=build/stamps/web-$name
  now="$(node --version) $(quick_hash "$folder" package-lock.json "$@")"
  [[ (-d $folder/dist || -d $folder/lib) && -f $stamp && $(<"$stamp") == "$now" ]] && return 0
  if ! step "building $folder" "web-$name" npm run build --workspace "$folder"; then
    show_log "web-$name"
    fail_if_disk_is_full "web-$name" "$folder could not be built (see $log_dir/web-$name.log)"
  fi
  mkdir -p build/stamps
  printf '%s' "$now" >"$stamp"
}

build_all_web() {
  build_web web/sdk
  build_web web/console web/sdk
}

cmd_build() {
  setup build
  with_lock release build_preset release
  with_lock web build_all_web
  say "Built: $(find build/bin -maxdepth 1 -type f -executable -printf 'build/bin/%f ' 2>/dev/null || true)"
}

cmd_clean() {
  # What the tests of the packages installed in there belongs to root.
  rm -rf -- build/cache 2>/dev/null || sudo rm -rf -- build/cache || fail "build/cache belongs to root: remove it as root"
  rm -rf -- build web/sdk/dist web/sdk/lib web/console/dist
  say "Removed build/ and the web builds. (.heliograph, the service's data, and node_modules stay.)"
}
