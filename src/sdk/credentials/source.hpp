// CredentialSource: where credentials come from, without a memory. And what all sources are made of.
#pragma once

#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "heliograph/credentials.hpp"

namespace heliograph::sdk {

using CredentialHandler = std::function<void(Result<Credentials>)>;

/// Fetches anew each time it is asked; one fetch at a time. `done` is called once, here or later, unless the source
/// goes before: then never.
/// Lifetime: by shared_ptr only. What a source starts keeps a weak hold of it, and the World outlives it.
/// Threads: the loop's.
class CredentialSource : public std::enable_shared_from_this<CredentialSource> {
 public:
  CredentialSource() = default;
  CredentialSource(const CredentialSource&) = delete;
  CredentialSource& operator=(const CredentialSource&) = delete;
  virtual ~CredentialSource() = default;

  virtual void fetch(CredentialHandler done) = 0;
};

/// A callback that does nothing once `self` has gone, and keeps it while it runs.
template <class Self, class Function>
[[nodiscard]] auto while_alive(Self* self, Function function) {
  return [weak = self->weak_from_this(), self, function = std::move(function)](auto&&... arguments) {
    if (const auto alive = weak.lock()) function(*self, std::forward<decltype(arguments)>(arguments)...);
  };
}

/// This source is not set up here: the next one may be.
[[nodiscard]] inline Error not_set_up(std::string detail) {
  return {Errc::kMissingAuthenticationToken, std::move(detail)};
}

}  // namespace heliograph::sdk
