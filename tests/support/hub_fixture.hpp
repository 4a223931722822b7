// HubFixture: a Hub with a clock of its own, short verbs for its inputs and readable views of its effects.
#pragma once

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <ostream>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "core/hub.hpp"
#include "wire/error_table.hpp"

namespace heliograph {

inline void PrintTo(const ConnId& conn, std::ostream* out) { *out << conn.worker << ':' << conn.serial; }

}  // namespace heliograph

namespace heliograph::test {

/// Effects are those of the last input.
class HubFixture : public testing::Test {
 protected:
  static constexpr std::string_view kArn = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1";
  using Sent = std::pair<ConnId, std::string>;
  using Closed = std::pair<ConnId, Errc>;

  core::Limits& limits() { return limits_; }
  /// A new Hub with the limits as they are now.
  void restart() { hub_ = std::make_unique<core::Hub>(limits_); }
  core::Hub& hub() { return *hub_; }
  [[nodiscard]] SteadyTime now() const { return now_; }
  void advance(std::chrono::milliseconds by) { now_ += by; }

  Result<void> try_join(const core::Join& join) {
    effects_.clear();
    return hub_->on_join(now_, join, effects_);
  }
  void join_master(ConnId conn, std::string_view arn = kArn) {
    ASSERT_TRUE(try_join({conn, ChannelArn(std::string(arn)), wire::Role::kMaster, {}, std::chrono::seconds(60)}));
  }
  void join_viewer(ConnId conn, std::string client, std::string_view arn = kArn,
                   std::chrono::seconds ttl = std::chrono::seconds(60)) {
    ASSERT_TRUE(try_join({conn, ChannelArn(std::string(arn)), wire::Role::kViewer, ClientId(std::move(client)), ttl}));
  }
  void join_mesh(ConnId conn, std::string client = {}) {
    const auto role = client.empty() ? wire::Role::kMaster : wire::Role::kViewer;
    ASSERT_TRUE(try_join(
        {conn, ChannelArn(std::string(kArn)), role, ClientId(std::move(client)), std::chrono::seconds(60), true}));
  }
  void say(ConnId from, const wire::ClientMessage& message) {
    effects_.clear();
    hub_->on_message(now_, from, {message, std::nullopt}, effects_);
  }
  void say_text(ConnId from, std::string_view text) {
    effects_.clear();
    hub_->on_message(now_, from, parser_.parse(text, limits_.max_payload), effects_);
  }
  void leave(ConnId conn) {
    effects_.clear();
    hub_->on_leave(conn, effects_);
  }
  void sweep() {
    effects_.clear();
    hub_->on_deadline(now_, effects_);
  }
  void ask(core::AskId id, std::string sender, std::string payload, std::chrono::seconds patience) {
    effects_.clear();
    hub_->on_ask(now_, {id, ChannelArn(std::string(kArn)), ClientId(std::move(sender)), std::move(payload), patience},
                 effects_);
  }
  void delete_channel(std::string_view arn) {
    effects_.clear();
    hub_->on_channel_deleted(ChannelArn(std::string(arn)), effects_);
  }

  const std::vector<core::Effect>& effects() { return effects_.list(); }
  std::vector<Sent> sent() {
    std::vector<Sent> all;
    for (const core::Effect& effect : effects()) {
      if (const auto* send = std::get_if<core::Send>(&effect)) all.emplace_back(send->to, effects_.text(*send));
    }
    return all;
  }
  std::vector<ConnId> receivers() {
    std::vector<ConnId> all;
    for (const Sent& one : sent()) all.push_back(one.first);
    return all;
  }
  /// The messagePayload of each text sent.
  std::vector<std::string> payloads() {
    std::vector<std::string> all;
    for (const Sent& one : sent()) {
      constexpr std::string_view kName = R"("messagePayload":")";
      const std::size_t begin = one.second.find(kName) + kName.size();
      all.push_back(one.second.substr(begin, one.second.find('"', begin) - begin));
    }
    return all;
  }
  std::vector<Closed> closed() {
    std::vector<Closed> all;
    for (const core::Effect& effect : effects()) {
      if (const auto* close = std::get_if<core::Close>(&effect)) all.emplace_back(close->to, close->why);
    }
    return all;
  }
  /// The number of each ask with its answer, or the error type that its failure becomes.
  std::vector<std::string> outcomes() {
    std::vector<std::string> all;
    for (const core::Effect& effect : effects()) {
      const auto* outcome = std::get_if<core::AskOutcome>(&effect);
      if (outcome == nullptr) continue;
      const std::string fate = outcome->failure ? std::string(wire::error_row(*outcome->failure).http[1].type)
                                                : std::string(effects_.text(*outcome));
      all.push_back(std::to_string(outcome->ask) + ' ' + fate);
    }
    return all;
  }
  std::vector<core::Presence::Change> presences() {
    std::vector<core::Presence::Change> all;
    for (const core::Effect& effect : effects()) {
      if (const auto* presence = std::get_if<core::Presence>(&effect)) all.push_back(presence->change);
    }
    return all;
  }

  static auto sent_to(ConnId conn, std::string text) { return testing::Pair(conn, std::move(text)); }
  static auto closed_for(ConnId conn, Errc why) { return testing::Pair(conn, why); }
  static auto status_to(ConnId conn, const std::string& correlation_id, const std::string& type,
                        const std::string& description) {
    using testing::AllOf;
    using testing::HasSubstr;
    return testing::Pair(
        conn,
        AllOf(HasSubstr(R"("messageType":"STATUS_RESPONSE")"), HasSubstr(R"("correlationId":")" + correlation_id + '"'),
              HasSubstr(R"("errorType":")" + type + R"(","statusCode":"400")"), HasSubstr(description)));
  }

 private:
  core::Limits limits_;
  std::unique_ptr<core::Hub> hub_ = std::make_unique<core::Hub>(limits_);
  SteadyTime now_{std::chrono::hours(1)};
  wire::ClientMessageParser parser_;
  core::Effects effects_;
};

}  // namespace heliograph::test
