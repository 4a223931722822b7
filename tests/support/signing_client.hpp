// SigningClient: calls and WebSockets of a client that has the administrator's key.
#pragma once

#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <cstdint>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "server/principals.hpp"
#include "support/blocking_client.hpp"
#include "support/net_fixture.hpp"
#include "support/ws_client.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::test {

/// How a client signs its way in; every default is right.
struct Presign {
  std::string channel;   ///< ARN; empty: none is sent.
  std::string client{};  ///< Empty: a master.
  std::string region = "us-east-1";
  std::string service = std::string(wire::kSigningService);
  std::chrono::seconds ago{0};  ///< How old the signature claims to be.
  std::chrono::seconds expires{299};
};

/// Change `key` to sign as somebody else.
class SigningClient {
 public:
  /// From here on the service at this port of the loopback interface, with the key of its credentials file.
  void use(std::uint16_t service_port, const std::filesystem::path& credentials) {
    port = service_port;
    host = "localhost:" + std::to_string(port);
    std::ifstream file(credentials);
    const auto keys = server::Principals::parse(std::string(std::istreambuf_iterator<char>(file), {}));
    ASSERT_TRUE(keys) << keys.error().detail;
    key.access_key_id = keys->administrator()->id.str();
    key.secret_access_key = keys->administrator()->secret;
  }

  /// A signed call of the KVS API.
  HttpAnswer call(std::string_view path, std::string_view body) { return call(path, body, key); }
  HttpAnswer call(std::string_view path, std::string_view body, const wire::SigningCredential& as) {
    const auto signed_headers = wire::sign_headers(
        {.method = "POST", .host = host, .target = path, .body = body, .region = region}, as, clock.wall_now(), cache);
    return BlockingClient(port).ask("POST " + std::string(path) + " HTTP/1.1\r\nHost: " + host +
                                    "\r\nContent-Type: application/json\r\nX-Amz-Date: " + signed_headers.x_amz_date +
                                    "\r\nAuthorization: " + signed_headers.authorization + token_header(as) +
                                    "\r\nContent-Length: " + std::to_string(body.size()) + "\r\n\r\n" +
                                    std::string(body));
  }
  /// A call of STS; the answer is XML. Without a key it is not signed.
  HttpAnswer sts(std::string_view form, const std::optional<wire::SigningCredential>& as) {
    std::string head = "POST / HTTP/1.1\r\nHost: " + host + "\r\nContent-Type: application/x-www-form-urlencoded";
    if (as) {
      const auto signed_headers = wire::sign_headers(
          {.method = "POST", .host = host, .target = "/", .body = form, .region = region, .service = "sts"}, *as,
          clock.wall_now(), cache);
      head += "\r\nX-Amz-Date: " + signed_headers.x_amz_date + "\r\nAuthorization: " + signed_headers.authorization +
              token_header(*as);
    }
    return BlockingClient(port).ask(head + "\r\nContent-Length: " + std::to_string(form.size()) + "\r\n\r\n" +
                                    std::string(form));
  }
  static std::string token_header(const wire::SigningCredential& as) {
    return as.session_token.empty() ? "" : "\r\nX-Amz-Security-Token: " + std::string(as.session_token.reveal());
  }
  /// A signed GET.
  HttpAnswer get_signed(std::string_view path) {
    const auto signed_headers = wire::sign_headers({.method = "GET", .host = host, .target = path, .region = region},
                                                   key, clock.wall_now(), cache);
    return BlockingClient(port).ask("GET " + std::string(path) + " HTTP/1.1\r\nHost: " + host +
                                    "\r\nX-Amz-Date: " + signed_headers.x_amz_date +
                                    "\r\nAuthorization: " + signed_headers.authorization + "\r\n\r\n");
  }
  /// Its ARN.
  std::string create_channel(std::string_view name) {
    const auto answer = call("/createSignalingChannel", R"({"ChannelName":")" + std::string(name) + "\"}");
    EXPECT_EQ(answer.status, 200) << answer.body;
    return std::string(boost::json::parse(answer.body).at("ChannelARN").as_string());
  }

  /// The request target of a presigned URL.
  std::string target(const Presign& wanted) { return target(wanted, key); }
  std::string target(const Presign& wanted, const wire::SigningCredential& as) {
    std::vector<wire::ParamView> params;
    if (!wanted.channel.empty()) params.push_back({"X-Amz-ChannelARN", wanted.channel});
    if (!wanted.client.empty()) params.push_back({"X-Amz-ClientId", wanted.client});
    const std::string endpoint = "ws://" + host;
    const auto url = wire::presign_url({.endpoint = endpoint,
                                        .params = params,
                                        .region = wanted.region,
                                        .service = wanted.service,
                                        .expires = wanted.expires},
                                       as, clock.wall_now() - wanted.ago, cache);
    EXPECT_TRUE(url) << url.error().detail;
    return url->substr(endpoint.size());
  }
  /// The answer to an upgrade that is expected to be refused.
  HttpAnswer knock(std::string_view request_target) {
    return BlockingClient(port).ask(ws_request(request_target, host));
  }
  WsClient join(const Presign& wanted) { return WsClient(BlockingClient(port), target(wanted), host); }

  wire::SigningCredential key;
  wire::SigningKeyCache cache;
  std::string region = "us-east-1";
  std::uint16_t port = 0;
  std::string host;
  SkippingClock clock;
};

/// A master and a viewer in a channel of their own, who can tell whether anything disturbed them.
class Pair {
 public:
  Pair(WsClient master, WsClient viewer, std::string viewer_id)
      : master_(std::move(master)), viewer_(std::move(viewer)), viewer_id_(std::move(viewer_id)) {}

  /// Offer, answer and a candidate each way, and nothing else in between.
  void expect_undisturbed() {
    const std::string number = "bnVtYmVy" + std::to_string(1000 + round_++);
    viewer_.send_text(R"({"action":"SDP_OFFER","messagePayload":")" + number + "\"}");
    EXPECT_EQ(master_.read_text(), R"({"messageType":"SDP_OFFER","messagePayload":")" + number +
                                       R"(","senderClientId":")" + viewer_id_ + "\"}");
    for (const char* action : {"SDP_ANSWER", "ICE_CANDIDATE"}) {
      master_.send_text(R"({"action":")" + std::string(action) + R"(","messagePayload":")" + number +
                        R"(","recipientClientId":")" + viewer_id_ + "\"}");
      EXPECT_EQ(viewer_.read_text(),
                R"({"messageType":")" + std::string(action) + R"(","messagePayload":")" + number + "\"}");
    }
    viewer_.send_text(R"({"action":"ICE_CANDIDATE","messagePayload":")" + number + "\"}");
    EXPECT_EQ(master_.read_text(), R"({"messageType":"ICE_CANDIDATE","messagePayload":")" + number +
                                       R"(","senderClientId":")" + viewer_id_ + "\"}");
  }
  [[nodiscard]] WsClient& master() { return master_; }
  [[nodiscard]] WsClient& viewer() { return viewer_; }

 private:
  WsClient master_;
  WsClient viewer_;
  std::string viewer_id_;
  int round_ = 0;
};

}  // namespace heliograph::test
