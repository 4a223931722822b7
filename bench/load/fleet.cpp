// The loop of the load client, and opening many connections without overflowing the server's backlog.
#include "load/fleet.hpp"

#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>

namespace heliograph::bench {

Fleet::Fleet(const Options& options, Dialect& dialect)
    : options_(options), dialect_(dialect), epoll_(epoll_create1(EPOLL_CLOEXEC)), usable_(options.connections) {
  for (std::size_t i = 0; i < options.connections; ++i) connections_.push_back(std::make_unique<Connection>());
}

Fleet::~Fleet() {
  connections_.clear();
  ::close(epoll_);
}

void Fleet::on_open(std::size_t number) {
  if (dialect_.greets()) return;
  usable_[number] = true;
  ++usable_count_;
  on_usable(number);
}

void Fleet::on_text(std::size_t number, std::string_view text) {
  if (usable_[number]) return on_message(number, text);
  if (!dialect_.is_greeting(text)) return fail("not a greeting: " + std::string(text.substr(0, 200)));
  usable_[number] = true;
  ++usable_count_;
  on_usable(number);
}

void Fleet::on_lost(std::size_t number, const std::string& why) {
  fail("connection " + std::to_string(number) + ": " + why);
}

void Fleet::fail(const std::string& why) {
  if (failure_.empty()) failure_ = why;
}

Result<void> Fleet::open(std::size_t number, const std::string& target) {
  usable_[number] = false;
  return connection(number).open(epoll_, number, options_, target);
}

Result<void> Fleet::open_all() {
  constexpr std::size_t kAtATime = 100;
  std::vector<std::string> targets;
  for (std::size_t i = 0; i < options_.connections; ++i) {
    auto target = dialect_.target(i);
    if (!target) return target.error();
    targets.push_back(std::move(target.value()));
  }
  for (std::size_t begun = 0; begun < targets.size();) {
    for (; begun < targets.size() && begun < usable_count_ + kAtATime; ++begun) {
      if (auto opened = open(begun, targets[begun]); !opened) return opened;
    }
    const std::size_t before = usable_count_;
    serve(10, [this, before] { return usable_count_ != before; });
    if (usable_count_ == before && failure_.empty()) fail("no connection was opened for 10 seconds");
    if (!failure_.empty()) return Error{Errc::kIo, failure_};
  }
  serve(10, [this] { return usable_count_ == options_.connections; });
  if (usable_count_ < options_.connections) fail("not all connections were opened within 10 seconds");
  if (!failure_.empty()) return Error{Errc::kIo, failure_};
  return {};
}

void Fleet::serve(double seconds, const std::function<bool()>& done) {
  const auto until = std::chrono::steady_clock::now() + std::chrono::duration<double>(seconds);
  while (!done() && failure_.empty() && std::chrono::steady_clock::now() < until) turn(5);
}

void Fleet::turn(int milliseconds) {
  std::array<epoll_event, 256> ready;
  const int count = epoll_wait(epoll_, ready.data(), ready.size(), milliseconds);
  if (count < 0 && errno != EINTR) fail(std::string("epoll: ") + std::strerror(errno));
  for (int i = 0; i < count; ++i) {
    Connection& one = *connections_[ready[static_cast<std::size_t>(i)].data.u64];
    one.on_ready(ready[static_cast<std::size_t>(i)].events, *this);
    one.flush();
  }
}

}  // namespace heliograph::bench
