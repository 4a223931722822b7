// What the SDK has to say beside the results of its calls.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace heliograph {

/// How much a line matters: kWarning is for what goes on by itself but should not be, kError for what does not.
enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Takes one line, without a line end; never a secret. The view lives for the call. Threads: any.
using LogHandler = std::function<void(LogLevel level, std::string_view line)>;

}  // namespace heliograph
