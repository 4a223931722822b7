// What a leak detector has to know about programs with GStreamer in them.
#pragma once

namespace heliograph::test {

/// What others allocate once and never free, in the words of LeakSanitizer's suppressions. None of it grows.
inline constexpr const char* kLeaksOfOthers =
    // Loaded by the registry's first scan (opencv, openni2, assrender), and not again.
    "leak:libfontconfig.so\n"
    "leak:OpenNI2\n"
    // GLib's quarks and interned strings live as long as the process, in tables that move when they grow, the first of
    // them made while the library is loaded.
    "leak:g_intern_string\n"
    "leak:g_intern_static_string\n"
    "leak:g_quark_from\n"
    "leak:call_init\n";

/// GLib's frames can only be told apart by a slow look at the stack. What is asked for here is deep enough for that.
inline constexpr const char* kLeakOptions = "fast_unwind_on_malloc=0:malloc_context_size=10";

}  // namespace heliograph::test
