// heliographd without its meaning: its network layer, which takes every upgrade and relays every text. What heliographd
// takes longer than this is authentication, policies, limits and JSON. With a certificate it speaks TLS.
//
// net_relay PORT [CERTIFICATE KEY]
#include <csignal>
#include <string>
#include <vector>

#include "base/clock.hpp"
#include "base/log.hpp"
#include "net/network.hpp"
#include "net/service.hpp"
#include "rivals/bare.hpp"

namespace heliograph::bench {
namespace {

class NoLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view, std::initializer_list<LogField>) override {}
};

class BareService final : public net::Service {
 public:
  void attach(net::Network& network) { network_ = &network; }
  void on_request(const net::HttpRequest&, net::Reply reply) override { reply(not_found()); }
  void on_upgrade(ConnId, const net::HttpRequest& request, net::UpgradeReply reply) override {
    const auto number = number_in(request.target);
    if (!number) return reply(not_found());
    reply(net::AcceptUpgrade{*number});
  }
  void on_open(SteadyTime, ConnId conn, std::uint64_t tag) override {
    if (conns_.size() <= (tag | 1U)) conns_.resize((tag | 1U) + 1024);
    conns_[tag] = conn;
  }
  void on_text(SteadyTime, ConnId, std::uint64_t tag, std::string_view text) override {
    network_->send(conns_[partner_of(tag)], text);
  }
  void on_closed(SteadyTime, ConnId, std::uint64_t, const net::CloseInfo&) override {}

 private:
  static net::HttpResponse not_found() { return {.status = 404, .headers = {}, .body = {}}; }

  net::Network* network_ = nullptr;
  std::vector<ConnId> conns_;  ///< One worker: no lock.
};

}  // namespace
}  // namespace heliograph::bench

int main(int argc, char** argv) {
  using namespace heliograph;
  const bool is_tls = argc == 4;
  const std::uint16_t port = bench::port_from(is_tls ? 2 : argc, argv);
  net::NetConfig config;
  config.listen = {{"127.0.0.1", port}};
  config.threads = 1;
  if (is_tls) config.tls = {argv[2], argv[3]};
  bench::BareService service;
  SystemClock clock;
  core::Limits limits;
  bench::NoLog log;
  net::Network network(config, limits, service, clock, log);
  service.attach(network);
  if (auto started = network.start(); !started) {
    std::fprintf(stderr, "net_relay: %s\n", started.error().detail.c_str());
    return 1;
  }
  sigset_t ends;
  sigemptyset(&ends);
  sigaddset(&ends, SIGTERM);
  sigprocmask(SIG_BLOCK, &ends, nullptr);
  int signal = 0;
  sigwait(&ends, &signal);
  network.stop(std::chrono::seconds(1));
}
