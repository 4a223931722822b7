// SignalingEngineTest: a signaling engine whose service, signer and connections are the test's.
#pragma once

#include <gtest/gtest.h>

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "sdk/signaling/engine.hpp"
#include "support/fake_world.hpp"
#include "wire/base64.hpp"

namespace heliograph::test {

/// A connection that a test answers.
struct FakeLink {
  std::string url;
  net::WsClient::Handlers on;
  std::vector<std::string> written{};  ///< Texts; "ping 3", "close 1000", "drop".
  std::size_t room = SIZE_MAX;         ///< Texts that the network takes.
};

class LinkEnd final : public sdk::SignalingLink {
 public:
  explicit LinkEnd(std::shared_ptr<FakeLink> link) : link_(std::move(link)) {}
  void send(wire::WsKind kind, std::string_view payload) override {
    const std::string text(payload);
    link_->written.push_back(kind == wire::WsKind::kPing ? "ping " + text : text);
    if (kind == wire::WsKind::kText) --link_->room;
  }
  bool is_full() const override { return link_->room == 0; }
  void send_close(std::uint16_t code) override { link_->written.push_back("close " + std::to_string(code)); }
  void drop() override { link_->written.emplace_back("drop"); }

 private:
  std::shared_ptr<FakeLink> link_;
};

/// Signs with a number, or refuses.
class CountingSigner final : public RequestSigner {
 public:
  void get_signed_url(SignRequest request, Handler done) override {
    requests.push_back(request);
    if (throws) throw 42;  // NOLINT: as badly as an application can.
    if (failure) return done(*failure);
    if (is_silent) return;
    done(request.endpoint + "/?signature=" + std::to_string(requests.size()) + also);
  }
  void forget() override {
    ++forgotten;
    if (throws) throw 43;  // NOLINT
  }

  std::vector<SignRequest> requests;
  std::optional<Error> failure;
  std::string also;  ///< Behind each URL.
  int forgotten = 0;
  bool throws = false;
  bool is_silent = false;
};

class SignalingEngineTest : public testing::Test {
 protected:
  void make(SignalingClient::Options options = {}) {
    options.role = role_;
    if (role_ == Role::kViewer) options.client_id = "me";
    options.channel = "cam";
    sdk::SignalingParts parts;
    parts.world = world_.world();
    parts.find = [this](auto done) {
      ++finds_;
      if (!is_finding_silent_) done(found_);
    };
    parts.forget_found = [this]() { ++forgotten_; };
    parts.signer = signer_;
    parts.connect = [this](const std::string& url, net::WsClient::Handlers on) {
      links_.push_back(std::make_shared<FakeLink>(FakeLink{url, std::move(on)}));
      return std::make_unique<LinkEnd>(links_.back());
    };
    parts.call = [](const std::function<void()>& handler) {
      if (handler) handler();
    };
    engine_ = std::make_shared<sdk::SignalingEngine>(std::move(parts), options, handlers());
  }
  SignalingClient::Handlers handlers() {
    SignalingClient::Handlers on;
    on.on_open = [this](const auto& servers) { told_.push_back("open " + std::to_string(servers.size())); };
    on.on_offer = [this](const SessionDescription& offer, const std::string& from) {
      told_.push_back("offer " + offer.sdp + " from " + from);
    };
    on.on_candidate = [this](const IceCandidate& one, const std::string& from) {
      told_.push_back("candidate " + one.candidate + " from " + from);
    };
    on.on_status = [this](const SignalingStatus& status) { told_.push_back("status " + status.correlation_id); };
    on.on_go_away = [this]() { told_.emplace_back("go away"); };
    on.on_lost = [this](const Error& why, auto) {
      told_.push_back("lost: " + why.detail);
      lost_ = why.code;
    };
    on.on_closed = [this](const Error& why) {
      told_.push_back("closed: " + why.detail);
      closed_ = why.code;
    };
    on.on_bad_message = [this](const Error& why) { told_.push_back("bad: " + why.detail); };
    return on;
  }
  /// Opens, up to an open connection.
  void open() {
    make();
    engine_->open();
    world_.run();
    accept();
  }
  void accept() {
    ASSERT_FALSE(links_.empty());
    links_.back()->on.on_open();
  }
  /// Lets time pass until the client tries again; no longer, lest that try takes too long.
  void wait_for_next_link() {
    const std::size_t before = links_.size();
    for (int i = 0; i < 2000 && links_.size() == before; ++i) world_.advance(std::chrono::milliseconds(10));
    ASSERT_EQ(links_.size(), before + 1);
  }
  void hear(const std::string& text, std::size_t link = SIZE_MAX) {
    links_.at(link == SIZE_MAX ? links_.size() - 1 : link)->on.on_message({wire::WsKind::kText, text, 0});
  }
  void hear_pong(const std::string& mark) { links_.back()->on.on_message({wire::WsKind::kPong, mark, 0}); }
  void hear_close(std::uint16_t code, const std::string& reason = {}) {
    links_.back()->on.on_message({wire::WsKind::kClose, reason, code});
  }
  void lose() { links_.back()->on.on_lost({Errc::kIo, "cable cut"}); }
  void send(const std::string& content) {
    engine_->send({wire::MessageType::kIceCandidate,
                   content,
                   role_ == Role::kMaster ? "alice" : "",
                   {},
                   [this, content](const Result<void>& result) {
                     told_.push_back(content + (result ? " read" : " failed: " + result.error().detail));
                   }});
  }
  static std::string offer_text(const std::string& sdp, const std::string& from) {
    return R"({"messageType":"SDP_OFFER","senderClientId":")" + from + R"(","messagePayload":")" +
           wire::to_base64(R"({"type":"offer","sdp":")" + sdp + "\"}") + "\"}";
  }
  static net::HttpReply refusal(int status, const std::string& type) {
    return {status, {{"x-amzn-ErrorType", type}}, R"({"message":"no"})"};
  }

  test::FakeWorld world_;
  Role role_ = Role::kMaster;
  std::shared_ptr<CountingSigner> signer_ = std::make_shared<CountingSigner>();
  Result<JoinInfo> found_ = JoinInfo{"arn:cam", "wss://m", "https://m", "us-east-1", {IceServer{}}, std::nullopt};
  int finds_ = 0;
  bool is_finding_silent_ = false;
  int forgotten_ = 0;
  std::vector<std::shared_ptr<FakeLink>> links_;
  std::shared_ptr<sdk::SignalingEngine> engine_;
  std::vector<std::string> told_;
  std::optional<Errc> lost_;  ///< The last time.
  std::optional<Errc> closed_;
};

}  // namespace heliograph::test
