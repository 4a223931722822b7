// LoopProvider: a source as the application sees it. Any thread on one side, the loop's on the other.
#pragma once

#include <memory>
#include <mutex>

#include "heliograph/event_loop.hpp"
#include "sdk/credentials/refreshing.hpp"

namespace heliograph::sdk {

/// The loop that was given, or one that is made when it is first needed. Threads: any.
class LazyLoop {
 public:
  explicit LazyLoop(std::shared_ptr<EventLoop> given) : loop_(std::move(given)) {}
  [[nodiscard]] Result<std::shared_ptr<EventLoop>> get();

 private:
  std::mutex mutex_;
  std::shared_ptr<EventLoop> loop_;
};

/// Lifetime: when it goes, the waiting get kClosed, and what it was made of goes on the loop's thread.
class LoopProvider final : public CredentialProvider {
 public:
  using Make = RefreshingCredentials::MakeSource;

  LoopProvider(std::shared_ptr<LazyLoop> loop, Make make, RefreshRule rule = {})
      : lazy_(std::move(loop)), make_(std::move(make)), rule_(rule) {}
  ~LoopProvider() override;

  void get(Handler done) override;
  void forget() override;

 private:
  [[nodiscard]] Result<void> start();

  const std::shared_ptr<LazyLoop> lazy_;
  const Make make_;
  const RefreshRule rule_;
  std::mutex mutex_;
  std::shared_ptr<EventLoop> loop_;  ///< Set, like the next, by the first get().
  std::shared_ptr<RefreshingCredentials> credentials_;
};

}  // namespace heliograph::sdk
