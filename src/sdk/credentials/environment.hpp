// Credentials in variables.
#pragma once

#include <functional>
#include <string>

#include "sdk/credentials/source.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

using ReadVariable = std::function<std::string(const char*)>;

/// Fails with kMissingAuthenticationToken when no key is there, and with kInvalidArgument when half of one is.
[[nodiscard]] Result<Credentials> environment_credentials(const ReadVariable& variable);

/// A variable of the process; empty when it is not set.
[[nodiscard]] std::string process_variable(const char* name);
/// Whether the variable says "true", in any letter case.
[[nodiscard]] bool is_true(const std::string& value);

/// environment_credentials() among other sources.
class EnvironmentSource final : public CredentialSource {
 public:
  explicit EnvironmentSource(const World& world) : world_(world) {}
  void fetch(CredentialHandler done) override { done(environment_credentials(world_.variable)); }

 private:
  const World& world_;
};

}  // namespace heliograph::sdk
