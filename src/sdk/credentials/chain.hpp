// A chain of providers.
#pragma once

#include <cstddef>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "heliograph/credentials.hpp"

namespace heliograph::sdk {

/// Threads: any. Lifetime: whoever waits when it goes is told so by the provider that goes with it.
class ChainProvider final : public CredentialProvider {
 public:
  explicit ChainProvider(std::vector<std::shared_ptr<CredentialProvider>> providers)
      : state_(std::make_shared<State>(std::move(providers))) {}

  void get(Handler done) override;
  void forget() override;

 private:
  struct State {
    explicit State(std::vector<std::shared_ptr<CredentialProvider>> given) : providers(std::move(given)) {}
    const std::vector<std::shared_ptr<CredentialProvider>> providers;
    std::mutex mutex;
    std::optional<std::size_t> found;  ///< The one that is set up.
  };
  static void ask(const std::shared_ptr<State>& state, std::size_t at, std::string said, Handler done);

  std::shared_ptr<State> state_;
};

}  // namespace heliograph::sdk
