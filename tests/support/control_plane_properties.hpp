// ControlPlaneRun: any bytes, read as calls to the control plane, and what must hold after each of them.
//
// A call is: one byte for the operation, one for the circumstances (bit 0: TLS, bit 1: a relay runs), the Host header
// up to a line feed, the body up to a record separator (0x1E). One channel, "door", exists from the start, with an ARN
// that is always the same, so that a corpus can name it.
#pragma once

#include <algorithm>
#include <boost/json.hpp>
#include <string>
#include <string_view>

#include "support/api_world.hpp"
#include "support/check.hpp"

namespace heliograph::test {

class ControlPlaneRun {
 public:
  explicit ControlPlaneRun(std::string_view bytes) : rest_(bytes) { world_.create("door"); }

  void run() {
    for (int calls = 0; !rest_.empty() && calls < 64; ++calls) {
      const auto operation = static_cast<server::Operation>(take_byte() % kOperations);
      const unsigned circumstances = take_byte();
      world_.context.tls = (circumstances & 1U) != 0;
      world_.relays.running = (circumstances & 2U) != 0;
      world_.context.host = take_until('\n');
      call(operation, take_until('\x1E'));
    }
  }

 private:
  static constexpr unsigned kOperations = static_cast<unsigned>(server::kOperationCount);

  unsigned take_byte() {
    if (rest_.empty()) return 0;
    const auto value = static_cast<unsigned char>(rest_.front());
    rest_.remove_prefix(1);
    return value;
  }

  std::string take_until(char end) {
    const std::size_t at = std::min(rest_.find(end), rest_.size());
    std::string part(rest_.substr(0, at));
    rest_.remove_prefix(std::min(at + 1, rest_.size()));
    return part;
  }

  void call(server::Operation operation, const std::string& body) {
    static_cast<void>(server::find_operation("POST", body));
    const std::size_t events_before = world_.events.seen.size();
    const auto answer = world_.call(operation, body);

    boost::json::error_code problem;
    const auto json = boost::json::parse(answer.body, problem);
    check(!problem && json.is_object(), "every answer is a JSON object");
    check(world_.log.lines.empty(), "a store in memory never fails, so nothing is our fault");
    if (answer.status == 200) {
      check(answer.error_type.empty(), "success has no error type");
      check_success(operation, json.get_object(), body, answer.body);
    } else {
      check(answer.status == 400 || answer.status == 404, "a bad call is the caller's fault");
      check_error(json.get_object(), answer);
      check(world_.events.seen.size() == events_before, "a refused call tells nobody");
    }
    check(world_.store.channel_count() == channels_, "channels are those made and not deleted");
    check(world_.events.seen.size() == told_, "each update and deletion is told once");
  }

  void check_error(const boost::json::object& json, const server::ApiAnswer& answer) {
    const auto* type = json.if_contains("__type");
    check(type != nullptr && type->is_string() && type->get_string() == std::string(answer.error_type),
          "the type is in both header and body");
    const auto* message = json.if_contains(json.contains("Message") ? "Message" : "message");
    check(message != nullptr && message->is_string() && !message->get_string().empty(), "every error has a message");
  }

  void check_success(server::Operation operation, const boost::json::object& json, const std::string& body,
                     const std::string& text) {
    using server::Operation;
    switch (operation) {
      case Operation::kCreateSignalingChannel:
        ++channels_;
        check(wire::parse_arn(std::string(json.at("ChannelARN").as_string())).has_value(), "an ARN was answered");
        return;
      case Operation::kDeleteSignalingChannel:
        --channels_;
        ++told_;
        return;
      case Operation::kUpdateSignalingChannel:
        ++told_;
        return;
      case Operation::kTagResource:
      case Operation::kUntagResource:
        check(text == "{}", "no output");
        return;
      case Operation::kListSignalingChannels:
        check(json.at("ChannelInfoList").as_array().size() <= channels_, "no channel is listed twice");
        break;
      case Operation::kListTagsForResource:
        check(json.at("Tags").as_object().size() <= store::kMaxTags, "tags are limited");
        break;
      case Operation::kGetSignalingChannelEndpoint:
        for (const auto& entry : json.at("ResourceEndpointList").as_array()) check_endpoint(entry);
        check(text.find('\\') == std::string::npos, "endpoints need no escapes");
        break;
      case Operation::kGetIceServerConfig:
        check(text.find('\\') == std::string::npos, "ICE servers need no escapes");
        for (const auto& entry : json.at("IceServerList").as_array()) check_ice_server(entry);
        break;
      case Operation::kSendAlexaOfferToMaster:
        check(json.at("Answer").as_string() == "YW5zd2Vy", "the master's answer is passed on");
        check(!world_.master.asked.empty() && !world_.master.asked.back().payload.empty(), "the master was asked");
        return;
      case Operation::kCreateStream:
        check(wire::parse_arn(std::string(json.at("StreamARN").as_string())).has_value(), "an ARN was answered");
        return;
      case Operation::kJoinStorageSession:
      case Operation::kJoinStorageSessionAsViewer:
        check(false, "there is no storage session to join");
        return;
      case Operation::kUpdateMediaStorageConfiguration:
      case Operation::kUpdateStream:
      case Operation::kUpdateDataRetention:
      case Operation::kDeleteStream:
      case Operation::kTagStream:
      case Operation::kUntagStream:
        check(text == "{}", "no output");
        return;
      case Operation::kListTagsForStream:
        check(json.at("Tags").as_object().size() <= store::kMaxTags, "tags are limited");
        break;
      case Operation::kGetDataEndpoint:
        check(text.find('\\') == std::string::npos, "endpoints need no escapes");
        break;
      case Operation::kDescribeMappedResourceConfiguration:
      case Operation::kDescribeStream:
      case Operation::kListStreams:
      case Operation::kDescribeSignalingChannel:
      case Operation::kDescribeMediaStorageConfiguration:
        break;
    }
    check(world_.call(operation, body).body == text, "asking twice gives the same answer");
  }

  void check_endpoint(const boost::json::value& entry) {
    const std::string endpoint(entry.at("ResourceEndpoint").as_string());
    check(endpoint.starts_with(world_.context.tls ? (entry.at("Protocol") == "WSS" ? "wss://" : "https://")
                                                  : (entry.at("Protocol") == "WSS" ? "ws://" : "http://")),
          "endpoints mirror the scheme");
    check(endpoint.ends_with("//" + world_.context.host), "endpoints name the host asked");
  }

  static void check_ice_server(const boost::json::value& entry) {
    const std::size_t uris = entry.at("Uris").as_array().size();
    check(uris >= 1 && uris <= 4, "the C SDK takes 1 to 4 URIs");
    const auto& username = entry.at("Username").as_string();
    check(username.size() <= 256 && username.find(':') != std::string::npos, "the username fits every client");
  }

  ApiWorld world_;
  std::string_view rest_;
  std::size_t channels_ = 1;
  std::size_t told_ = 0;
};

}  // namespace heliograph::test
