// ApiWorld: a control plane over a store in memory, with everything around it recorded.
#pragma once

#include <boost/json.hpp>
#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/control_plane.hpp"
#include "store/memory_store.hpp"
#include "support/counting_rng.hpp"

namespace heliograph::test {

class RecordedEvents final : public server::ChannelEvents {
 public:
  void on_deleted(const ChannelArn& channel) override { seen.push_back("deleted " + channel.str()); }
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) override {
    seen.push_back("ttl " + channel.str() + ' ' + std::to_string(ttl.count()));
  }
  std::vector<std::string> seen;
};

class RecordedLog final : public LogSink {
 public:
  void write(LogLevel, std::string_view event, std::initializer_list<LogField> fields) override {
    std::string line(event);
    for (const auto& field : fields) line += ' ' + std::string(field.key) + '=' + std::string(field.value);
    lines.push_back(std::move(line));
  }
  std::vector<std::string> lines;
};

/// The relays of a test: URIs in which `{host}` stands for the host asked for.
class FixedRelays final : public server::relay::RelayDirectory {
 public:
  [[nodiscard]] std::vector<server::relay::RelayServer> servers(std::string_view host) const override {
    if (!running) return {};
    return {{server::relay::to_turn_uris({.host = std::string(host), .tls_port = 5349, .plain_tcp = plain_tcp}),
             Secret("north")}};
  }
  bool running = false;
  bool plain_tcp = false;
};

/// A master that answers at once, or the failure to reach one.
class FixedMaster final : public server::MasterLine {
 public:
  void ask(SteadyTime, core::Ask ask, std::function<void(Result<std::string>)> reply) override {
    asked.push_back(std::move(ask));
    reply(outcome);
  }
  Result<std::string> outcome = std::string("YW5zd2Vy");
  std::vector<core::Ask> asked;
};

class ApiWorld {
 public:
  explicit ApiWorld(server::ControlPlaneConfig config = {}, const server::CallLimits& limits = {})
      : throttle(limits), control_plane({store, events, relays, master, throttle, log, authorizer}, config) {}

  server::ApiAnswer call(server::Operation operation, std::string body) {
    server::ApiAnswer answer;
    control_plane.start({operation, std::move(body), caller, context},
                        [&answer](server::ApiAnswer given) { answer = std::move(given); });
    return answer;
  }
  /// The answer's JSON; null if it is none.
  boost::json::value ask(server::Operation operation, std::string body) {
    boost::json::error_code problem;
    return boost::json::parse(call(operation, std::move(body)).body, problem);
  }
  /// Makes a channel and gives its ARN.
  std::string create(const std::string& name) {
    const auto answer = ask(server::Operation::kCreateSignalingChannel, R"({"ChannelName":")" + name + R"("})");
    return std::string(answer.at("ChannelARN").as_string());
  }
  std::string version_of(const std::string& name) { return store.channel_by_name(name)->version; }

  CountingRng rng;
  store::MemoryStore store{{"aws", "eu-west-1", "123456789012"}, rng};
  RecordedEvents events;
  FixedRelays relays;
  FixedMaster master;
  RecordedLog log;
  server::Authorizer authorizer{store, log};
  /// May do everything, until a test says otherwise.
  server::PrincipalPtr caller = std::make_shared<const server::Principal>(server::Principal{
      .name = "test", .id = AccessKeyId("AKIATEST"), .secret = {}, .policies = {server::administrator_access()}});
  server::RequestContext context{.tls = false,
                                 .host = "localhost:3000",
                                 .request_id = "request-1",
                                 .now = WallTime(std::chrono::milliseconds(1'712'136'149'494)),
                                 .at = SteadyTime(std::chrono::hours(1)),
                                 .source_ip = "203.0.113.7",
                                 .user_agent = "test/1.0"};
  server::Throttle throttle;
  server::ControlPlane control_plane;
};

}  // namespace heliograph::test
