// What the SDK has to say beside the results of its calls.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace heliograph {

enum class LogLevel : std::uint8_t { kDebug, kInfo, kWarning, kError };

/// Takes one line, without a line end; never a secret. The view lives for the call. Threads: any.
using LogHandler = std::function<void(LogLevel level, std::string_view line)>;

}  // namespace heliograph
