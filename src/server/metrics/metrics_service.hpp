// MetricsService: the listener of --metrics-listen, which serves metrics and health and nothing else.
#pragma once

#include <functional>
#include <utility>

#include "net/service.hpp"
#include "server/answers.hpp"
#include "server/metrics/metrics_page.hpp"

namespace heliograph::server::metrics {

/// On a Network of its own, so that its one thread may wait for the page. Threads: that one.
class MetricsService final : public net::Service {
 public:
  /// @param health  answers /livez and /readyz.
  MetricsService(const MetricsPage& page, std::function<net::HttpResponse(std::string_view path)> health)
      : page_(page), health_(std::move(health)) {}

  void on_request(const net::HttpRequest& request, net::Reply reply) override {
    const std::string_view path = path_of(request.target);
    if (request.method != "GET" && request.method != "HEAD") return reply(plain(405, "use GET\n"));
    if (path == "/metrics") return reply({200, {{"Content-Type", kContentType}}, page_.text()});
    if (path == "/livez" || path == "/readyz") return reply(health_(path));
    reply(plain(404, "this port serves /metrics, /livez and /readyz\n"));
  }
  void on_upgrade(ConnId, const net::HttpRequest&, net::UpgradeReply reply) override {
    reply(plain(404, "this port serves no WebSockets\n"));
  }
  void on_open(SteadyTime, ConnId, std::uint64_t) override {}
  void on_text(SteadyTime, ConnId, std::uint64_t, std::string_view) override {}
  void on_closed(SteadyTime, ConnId, std::uint64_t, const net::CloseInfo&) override {}

 private:
  static net::HttpResponse plain(int status, std::string text) {
    return {status, {{"Content-Type", "text/plain; charset=utf-8"}}, std::move(text)};
  }

  const MetricsPage& page_;
  std::function<net::HttpResponse(std::string_view)> health_;
};

}  // namespace heliograph::server::metrics
