// NetFixture: a real Network on a free port of the loopback interface, over a Service that echoes and remembers.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "net/network.hpp"
#include "support/blocking_client.hpp"
#include "support/test_world.hpp"
#include "support/ws_client.hpp"

namespace heliograph::test {

/// The real time, and as much more as a test wants to have passed.
class SkippingClock final : public Clock {
 public:
  [[nodiscard]] SteadyTime steady_now() const override {
    return std::chrono::steady_clock::now() + std::chrono::milliseconds(skipped_.load());
  }
  [[nodiscard]] WallTime wall_now() const override {
    return std::chrono::time_point_cast<std::chrono::milliseconds>(std::chrono::system_clock::now()) +
           std::chrono::milliseconds(skipped_.load());
  }
  void skip(std::chrono::milliseconds time) { skipped_.fetch_add(time.count()); }

 private:
  std::atomic<std::int64_t> skipped_{0};
};

/// For what nobody announces. Fails the test when it does not come.
template <class Condition>
void wait_until(Condition holds) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(kPatienceMs);
  while (!holds() && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  EXPECT_TRUE(holds()) << "it did not come to that";
}

/// Answers by path; echoes text. Threads: as net::Service; what it remembers can be read from any.
///   /later, /ws-later   the test thread answers: take_reply(), take_upgrade()
///   /big                `big` bytes
///   /throw              throws, on requests and on texts that say so
///   /refuse             refuses an upgrade with 403
class EchoService : public net::Service {
 public:
  void on_request(const net::HttpRequest& request, net::Reply reply) override {
    requests_.fetch_add(1);
    if (on_plain && on_plain(request, reply)) return;
    if (request.target == "/throw") throw std::runtime_error("a service that breaks its word");
    if (request.target == "/later") return keep(replies_, std::move(reply));
    reply({200, {{"Content-Type", "text/plain"}}, request.target == "/big" ? std::string(big, 'x') : body_of(request)});
    // A request is the Service's until it returns, even if it was answered.
    if (request.method.empty()) last_method_is_gone_.store(true);
  }
  void on_upgrade(ConnId conn, const net::HttpRequest& request, net::UpgradeReply reply) override {
    {
      const std::lock_guard lock(mutex_);
      upgrades_.push_back(conn);
    }
    if (request.target == "/refuse") return reply(net::HttpResponse{403, {}, "no"});
    if (request.target == "/ws-later") return keep(upgrade_replies_, std::move(reply));
    reply(net::AcceptUpgrade{7});
  }
  void on_open(SteadyTime, ConnId conn, std::uint64_t tag) override { note("open", conn, tag, {}); }
  void on_text(SteadyTime, ConnId conn, std::uint64_t, std::string_view text) override {
    texts_.fetch_add(1);
    if (text == "throw") throw std::runtime_error("a service that breaks its word");
    if (on_message) return on_message(conn, text);
    network->send(conn, text);
  }
  void on_closed(SteadyTime, ConnId conn, std::uint64_t tag, const net::CloseInfo& info) override {
    note("closed", conn, tag, info);
  }

  struct Event {
    std::string what;
    ConnId conn;
    std::uint64_t tag = 0;
    net::CloseInfo info;
  };
  /// Waits until `count` events of that kind were seen; gives all of that kind.
  std::vector<Event> wait_for(std::string_view what, std::size_t count) {
    std::unique_lock lock(mutex_);
    std::vector<Event> found;
    const bool came = changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&]() {
      found.clear();
      for (const Event& event : events_)
        if (event.what == what) found.push_back(event);
      return found.size() >= count;
    });
    EXPECT_TRUE(came) << "only " << found.size() << " of " << count << " times " << what;
    return found;
  }
  net::Reply take_reply() { return take(replies_); }
  net::UpgradeReply take_upgrade() { return take(upgrade_replies_); }
  [[nodiscard]] std::size_t requests() const { return requests_.load(); }
  [[nodiscard]] std::size_t texts() const { return texts_.load(); }
  [[nodiscard]] std::size_t upgrades() const {
    const std::lock_guard lock(mutex_);
    return upgrades_.size();
  }
  [[nodiscard]] bool lost_a_request() const { return last_method_is_gone_.load(); }

  net::Network* network = nullptr;
  std::size_t big = 0;  ///< Set before the first request.
  /// Answers first, if it gives true; set before the first request.
  std::function<bool(const net::HttpRequest&, const net::Reply&)> on_plain{};
  std::function<void(ConnId, std::string_view)> on_message{};  ///< Instead of the echo; set before the first text.

 private:
  static std::string body_of(const net::HttpRequest& request) {
    return request.method + " " + request.target + " " + request.body;
  }
  void note(std::string what, ConnId conn, std::uint64_t tag, const net::CloseInfo& info) {
    const std::lock_guard lock(mutex_);
    events_.push_back({std::move(what), conn, tag, info});
    changed_.notify_all();
  }
  template <class Kept>
  void keep(std::vector<Kept>& into, Kept reply) {
    const std::lock_guard lock(mutex_);
    into.push_back(std::move(reply));
    changed_.notify_all();
  }
  template <class Kept>
  Kept take(std::vector<Kept>& from) {
    std::unique_lock lock(mutex_);
    if (!changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&]() { return !from.empty(); }))
      throw std::runtime_error("nothing was asked");
    Kept reply = std::move(from.front());
    from.erase(from.begin());
    return reply;
  }

  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<Event> events_;
  std::vector<ConnId> upgrades_;
  std::vector<net::Reply> replies_;
  std::vector<net::UpgradeReply> upgrade_replies_;
  std::atomic<std::size_t> requests_{0};
  std::atomic<std::size_t> texts_{0};
  std::atomic<bool> last_method_is_gone_{false};
};

/// Change `config` and `limits`, then start().
class NetFixture : public ::testing::Test {
 protected:
  NetFixture() {
    config.listen = {{"127.0.0.1", 0}};
    config.threads = 1;
  }
  ~NetFixture() override { stop(); }

  void start() {
    network = std::make_unique<net::Network>(config, limits, service, clock, log);
    service.network = network.get();
    const auto started = network->start();
    ASSERT_TRUE(started) << started.error().detail;
    port = network->bound().front().port;
  }
  /// Ends hard unless there is time.
  void stop(std::chrono::milliseconds deadline = std::chrono::milliseconds(0)) {
    if (network) network->stop(deadline);
  }
  [[nodiscard]] BlockingClient connect() const { return BlockingClient(port); }
  [[nodiscard]] WsClient connect_ws(std::string_view target = "/") const { return WsClient(port, target); }

  net::NetConfig config;
  core::Limits limits;
  SkippingClock clock;
  test::MemoryLog log;
  EchoService service;
  std::unique_ptr<net::Network> network;
  std::uint16_t port = 0;
};

inline std::size_t open_descriptors() {
  std::size_t count = 0;
  for ([[maybe_unused]] const auto& entry : std::filesystem::directory_iterator("/proc/self/fd")) ++count;
  return count;
}

}  // namespace heliograph::test
