// Crossing over to the loop's thread, and ending there.
#include "sdk/credentials/loop_provider.hpp"

#include <utility>

#include "sdk/guarded.hpp"
#include "sdk/loop.hpp"

namespace heliograph::sdk {
namespace {

/// Somebody who waits: is told once, at the latest when nobody is left who could.
class Waiter {
 public:
  explicit Waiter(CredentialHandler done) : done_(std::move(done)) {}
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;
  ~Waiter() {
    if (!done_) return;
    // A destructor has nobody to tell.
    static_cast<void>(thrown_by([this]() { done_(Error{Errc::kClosed, "the event loop has ended"}); }));
  }
  void tell(Result<Credentials> result) { std::exchange(done_, nullptr)(std::move(result)); }

 private:
  CredentialHandler done_;
};

}  // namespace

Result<std::shared_ptr<EventLoop>> LazyLoop::get() {
  const std::lock_guard lock(mutex_);
  if (loop_) return loop_;
  auto made = EventLoop::create();
  if (made) loop_ = *made;
  return made;
}

LoopProvider::~LoopProvider() {
  if (!loop_) return;
  loop_->parts().post([credentials = std::move(credentials_)]() { credentials->close(); });
}

void LoopProvider::get(Handler done) {
  if (const auto started = start(); !started) return done(started.error());
  const auto waiter = std::make_shared<Waiter>(std::move(done));
  loop_->parts().post([credentials = credentials_, waiter]() {
    credentials->get([waiter](Result<Credentials> result) { waiter->tell(std::move(result)); });
  });
}

void LoopProvider::forget() {
  const std::lock_guard lock(mutex_);
  if (!credentials_) return;  // Nothing was asked for yet.
  loop_->parts().post([credentials = credentials_]() { credentials->forget(); });
}

Result<void> LoopProvider::start() {
  const std::lock_guard lock(mutex_);
  if (credentials_) return {};
  auto loop = lazy_->get();
  if (!loop) return loop.error();
  loop_ = std::move(*loop);
  credentials_ = std::make_shared<RefreshingCredentials>(loop_->parts().world(), make_, rule_);
  return {};
}

}  // namespace heliograph::sdk
