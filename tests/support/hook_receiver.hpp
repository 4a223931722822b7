// HookReceiver: somebody who takes webhooks, on a free port of the loopback interface, and answers as a test wants.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <boost/json.hpp>
#include <condition_variable>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "net/http_url.hpp"
#include "net/network.hpp"
#include "support/net_fixture.hpp"

namespace heliograph::test {

/// Threads: the test's; what arrives comes on one of its own.
class HookReceiver final : public net::Service {
 public:
  /// What to answer: to the n-th request, from 0. Empty: nothing, ever.
  using Answer = std::function<std::optional<net::HttpResponse>(const net::HttpRequest&, std::size_t)>;

  explicit HookReceiver(net::TlsFiles tls = {}) : tls_(std::move(tls)) {
    answer = [](const net::HttpRequest&, std::size_t) { return net::HttpResponse{204, {}, {}}; };
    up();
  }
  ~HookReceiver() override { down(); }

  /// Nobody listens on its port any more; up() is there again, on the same one.
  void down() {
    if (network_) network_->stop(std::chrono::milliseconds(0));
    network_.reset();
  }
  void up() {
    net::NetConfig config;
    config.listen = {{"127.0.0.1", port_}};
    config.threads = 1;
    config.tls = tls_;
    network_ = std::make_unique<net::Network>(config, limits_, *this, clock_, log_);
    const auto started = network_->start();
    ASSERT_TRUE(started) << started.error().detail;
    port_ = network_->bound().front().port;
  }

  [[nodiscard]] net::HttpUrl url(std::string_view path = "/hook") const {
    const std::string scheme = tls_.certificate_chain_file.empty() ? "http" : "https";
    return net::parse_http_url(scheme + "://localhost:" + std::to_string(port_) + std::string(path)).value();
  }
  /// Waits until there are as many, and gives all.
  std::vector<net::HttpRequest> wait_for(std::size_t count) {
    std::unique_lock lock(mutex_);
    const bool came =
        changed_.wait_for(lock, std::chrono::milliseconds(kPatienceMs), [&]() { return requests_.size() >= count; });
    EXPECT_TRUE(came) << "only " << requests_.size() << " of " << count << " requests came";
    return requests_;
  }
  [[nodiscard]] std::size_t count() const {
    const std::lock_guard lock(mutex_);
    return requests_.size();
  }
  /// "viewer.joined cam alice" of each request, once per event however often it came.
  std::vector<std::string> stories(std::size_t count) {
    std::vector<std::string> lines;
    for (const net::HttpRequest& request : wait_for(count)) lines.push_back(story(request.body));
    return lines;
  }
  static std::string story(const std::string& body) {
    const auto event = boost::json::parse(body).as_object();
    std::string line(event.at("type").as_string());
    if (const auto* channel = event.if_contains("channel")) line.append(" ").append(channel->at("name").as_string());
    if (const auto* connection = event.if_contains("connection"))
      if (const auto* client = connection->as_object().if_contains("clientId"))
        line.append(" ").append(client->as_string());
    return line;
  }

  /// From now on; other than `answer` also between requests.
  void answer_with(Answer wanted) {
    const std::lock_guard lock(mutex_);
    answer = std::move(wanted);
  }

  void on_request(const net::HttpRequest& request, net::Reply reply) override {
    std::size_t number = 0;
    Answer now;
    {
      const std::lock_guard lock(mutex_);
      number = requests_.size();
      requests_.push_back(request);
      now = answer;
      changed_.notify_all();
    }
    if (auto response = now(request, number)) return reply(std::move(*response));
    const std::lock_guard lock(mutex_);
    kept_.push_back(std::move(reply));
  }
  void on_upgrade(ConnId, const net::HttpRequest&, net::UpgradeReply reply) override {
    reply(net::HttpResponse{400, {}, {}});
  }
  void on_open(SteadyTime, ConnId, std::uint64_t) override {}
  void on_text(SteadyTime, ConnId, std::uint64_t, std::string_view) override {}
  void on_closed(SteadyTime, ConnId, std::uint64_t, const net::CloseInfo&) override {}

  Answer answer;  ///< Set before the first request.

 private:
  net::TlsFiles tls_;
  core::Limits limits_;
  SkippingClock clock_;
  MemoryLog log_;
  std::uint16_t port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<net::HttpRequest> requests_;
  std::vector<net::Reply> kept_;
  std::unique_ptr<net::Network> network_;
};

}  // namespace heliograph::test
