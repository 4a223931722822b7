# Packages and the API reference: what is made of a release build, beside what runs from it.
# shellcheck shell=bash

# make_packages: build/packages/*.deb, when anything that is in them changed.
make_packages() {
  local stamp=build/stamps/packages now
  # What is made today from one commit is made tomorrow, byte for byte.
  SOURCE_DATE_EPOCH=${SOURCE_DATE_EPOCH:-$(git log -1 --format=%ct 2>/dev/null || echo 0)}
  export SOURCE_DATE_EPOCH
  now="$SOURCE_DATE_EPOCH $(quick_hash build/bin build/release/lib/*.so build/release/lib/*.a build/release/manuals \
    build/release/sdk/*.pc.in web/console/dist/index.html web/sdk/dist CMakeLists.txt CHANGELOG.md cmake packaging include examples/policies tools/dev/package.sh)"
  [[ -f $stamp && $(<"$stamp") == "$now" ]] && compgen -G 'build/packages/*.deb' >/dev/null && return 0
  if ! step "making the Debian packages" packages make_packages_anew; then
    show_log packages 20
    fail_if_disk_is_full packages "the packages could not be made (see $log_dir/packages.log)"
  fi
  mkdir -p build/stamps
  printf '%s' "$now" >"$stamp"
}

make_packages_anew() {
  rm -rf -- build/packages build/release/packages
  cpack --config build/release/CPackConfig.cmake -B build/release/packages
  mkdir -p build/packages
  mv build/release/packages/*.deb build/packages/
}

cmd_package() {
  setup build test
  with_lock release build_preset release
  if [[ ${1:-} == --update-abi ]]; then
    python3 tools/abi.py update build/release/lib || fail "the ABI could not be recorded"
    return 0
  fi
  with_lock web build_all_web
  with_lock packages make_packages
  say "Made:"
  find build/packages -name '*.deb' -printf '  build/packages/%f\n' | sort
}

cmd_docs() {
  setup build test
  if ! step "making the API reference" docs tools/docs; then
    show_log docs 40
    fail "doxygen has warnings, or failed (see $log_dir/docs.log)"
  fi
  say "Made: build/docs/html/index.html"
}
