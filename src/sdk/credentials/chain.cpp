// Asking one after the other.
#include "sdk/credentials/chain.hpp"

#include <exception>
#include <utility>

#include "sdk/guarded.hpp"

namespace heliograph::sdk {

void ChainProvider::get(Handler done) {
  std::optional<std::size_t> found;
  {
    const std::lock_guard lock(state_->mutex);
    found = state_->found;
  }
  if (found) return state_->providers[*found]->get(std::move(done));
  ask(state_, 0, {}, std::move(done));
}

void ChainProvider::forget() {
  {
    const std::lock_guard lock(state_->mutex);
    state_->found.reset();
  }
  std::exception_ptr first;  // What one throws is no reason for the others to remember.
  for (const auto& provider : state_->providers) {
    try {
      provider->forget();
    } catch (...) {
      if (!first) first = std::current_exception();
    }
  }
  if (first) std::rethrow_exception(first);
}

void ChainProvider::ask(const std::shared_ptr<State>& state, std::size_t at, std::string said, Handler done) {
  if (at == state->providers.size()) {
    return done(Error{Errc::kMissingAuthenticationToken,
                      "no source of credentials is set up" + (said.empty() ? std::string{} : " (" + said + ")")});
  }
  // Weak: the chain may go while a provider works, and its providers with it.
  const Handler then = [weak = std::weak_ptr(state), at, said = std::move(said),
                        done = std::move(done)](Result<Credentials> result) {
    const auto alive = weak.lock();
    const bool passed = !result && result.error().code == Errc::kMissingAuthenticationToken;
    if (!result) {
      Error error = std::move(result).error();
      const std::string all = said.empty() ? error.detail : said + "; " + error.detail;
      if (passed && alive) return ask(alive, at + 1, all, done);
      if (passed) return done(Error{Errc::kClosed, "the chain of credential providers was closed"});
      error.detail = all;
      return done(std::move(error));
    }
    if (alive) {
      const std::lock_guard lock(alive->mutex);
      alive->found = at;
    }
    done(std::move(result));
  };
  ask_guarded("a credential provider", then,
              [&state, at](Handler next) { state->providers[at]->get(std::move(next)); });
}

}  // namespace heliograph::sdk
