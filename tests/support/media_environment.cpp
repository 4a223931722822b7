// What programs with GStreamer in them need around them: a registry of the build's own, an OpenSSL that stays until the
// very end, and a word to the leak detector.
#include <openssl/crypto.h>

#include <cstdlib>

#include "support/leaks_of_others.hpp"

namespace {

/// Scanned in this process: a child would be scanned under the sanitizer too, and waited for. And threads of
/// GStreamer's that end after OpenSSL was taken down would leave behind what it keeps for each of them.
const bool kIsSet = ::setenv("GST_REGISTRY", HELIOGRAPH_GST_REGISTRY, 0) == 0 &&
                    ::setenv("GST_REGISTRY_FORK", "no", 0) == 0 &&
                    ::OPENSSL_init_crypto(OPENSSL_INIT_NO_ATEXIT, nullptr) == 1;

}  // namespace

/// One line for each library.
extern "C" __attribute__((visibility("default"))) const char* __lsan_default_suppressions();
extern "C" const char* __lsan_default_suppressions() {
  static_cast<void>(kIsSet);
  return heliograph::test::kLeaksOfOthers;
}

extern "C" __attribute__((visibility("default"))) const char* __asan_default_options();
extern "C" const char* __asan_default_options() { return heliograph::test::kLeakOptions; }
