// Calls of what an application gave to the SDK: whatever it throws ends here, and not the process.
#pragma once

#include <exception>
#include <functional>
#include <optional>
#include <string>
#include <utility>

#include "heliograph/log.hpp"
#include "heliograph/result.hpp"

namespace heliograph::sdk {

/// Makes a call. Nothing, or what it threw.
template <class Call>
[[nodiscard]] std::optional<std::string> thrown_by(Call&& call) {
  try {
    std::forward<Call>(call)();
  } catch (const std::exception& thrown) {
    return thrown.what();
  } catch (...) {
    return "what is no std::exception";
  }
  return std::nullopt;
}

/// Asks the application's `whom` for an answer; what it throws is one. So `done` may be called twice.
template <class T, class Ask>
void ask_guarded(const char* whom, const std::function<void(Result<T>)>& done, Ask&& ask) {
  if (const auto thrown = thrown_by([&]() { std::forward<Ask>(ask)(done); }))
    done(Error{Errc::kInternalFailure, std::string(whom) + " threw: " + *thrown});
}

/// Tells the application's `whom` something; what it throws is logged.
template <class Tell>
void tell_guarded(const LogHandler& log, const char* whom, Tell&& tell) {
  if (const auto thrown = thrown_by(std::forward<Tell>(tell)))
    log(LogLevel::kError, std::string(whom) + " threw: " + *thrown);
}

}  // namespace heliograph::sdk
