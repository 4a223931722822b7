// The client's rules as facts; the numbers are those of core/client_session.hpp.
#include "core/client_session.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "support/fake_clock.hpp"

namespace heliograph::core {
namespace {

using std::chrono::seconds;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using wire::MessageType;
using wire::WsKind;

std::string service_text(MessageType type, std::string_view payload, std::string_view sender = {}) {
  std::string text;
  wire::append_service_message(text, type, payload, sender);
  return text;
}

class ClientSessionTest : public testing::Test {
 protected:
  ClientSessionTest() { session_.on_open(now()); }

  ClientSession& session() { return session_; }
  ClientLimits& limits() { return limits_; }
  void restart(wire::Role role = wire::Role::kMaster) {
    session_ = ClientSession(role, limits_);
    session_.on_open(now());
  }
  SteadyTime now() const { return clock_.steady_now(); }
  void advance(seconds by) { clock_.advance(by); }

  /// "SDP_OFFER/alice/content" and the like, of one input.
  std::vector<std::string> hear(std::string_view text) { return give({WsKind::kText, text, 0}); }
  std::vector<std::string> give(const wire::WsMessage& message) {
    effects_.clear();
    session_.on_message(now(), message, effects_);
    return lines();
  }
  std::vector<std::string> deadline() {
    effects_.clear();
    session_.on_deadline(now(), effects_);
    return lines();
  }
  std::vector<std::string> close() {
    effects_.clear();
    session_.close(now(), effects_);
    return lines();
  }
  std::vector<std::string> lost() {
    effects_.clear();
    session_.on_lost(effects_);
    return lines();
  }
  std::vector<std::string> confirm(std::uint64_t mark) {
    effects_.clear();
    session_.confirm(clock_.steady_now(), mark, effects_);
    return lines();
  }

 private:
  struct Line {
    std::string operator()(const PeerMessage& m) const {
      return std::string(to_string(m.type)) + "/" + std::string(m.sender) + "/" + std::string(m.content);
    }
    std::string operator()(const StatusReceived& s) const {
      return "status/" + std::string(s.status.correlation_id) + "/" + std::to_string(s.status.status_code);
    }
    std::string operator()(const GoAwayReceived&) const { return "go away"; }
    std::string operator()(const ReconnectIceServerReceived&) const { return "reconnect ice"; }
    std::string operator()(const BadMessage& b) const { return "bad/" + b.error.detail; }
    std::string operator()(const Confirmed& c) const { return "confirmed/" + std::to_string(c.mark); }
    std::string operator()(const Closed& c) const {
      return "closed/" + std::to_string(c.code) + (c.is_unanswered ? " unanswered" : "");
    }
    std::string operator()(const WriteControl& w) const {
      return w.kind == WsKind::kPing ? "ping" + (w.payload.empty() ? "" : "/" + std::string(w.payload)) : "pong";
    }
    std::string operator()(const WriteClosing& w) const { return "close/" + std::to_string(w.code); }
    std::string operator()(const DropSocket&) const { return "drop"; }
  };
  std::vector<std::string> lines() {
    std::vector<std::string> all;
    for (const ClientEffect& effect : effects_) all.push_back(std::visit(Line{}, effect));
    return all;
  }

  test::FakeClock clock_;
  ClientLimits limits_;
  ClientSession session_{wire::Role::kMaster, limits_};
  std::vector<ClientEffect> effects_;
};

TEST_F(ClientSessionTest, OfferIsGivenWithItsSenderAndDecodedContent) {
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "eyJhIjoxfQ==", "alice")),
              ElementsAre(R"(SDP_OFFER/alice/{"a":1})"));
}

TEST_F(ClientSessionTest, PayloadsOfAndroidAreDecodedToo) {
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "fn4_Pz8", "a")), ElementsAre("SDP_OFFER/a/~~\x3f\x3f\x3f"));
}

TEST_F(ClientSessionTest, EarlyCandidatesWaitForTheDescriptionOfTheirOwnSender) {
  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTE=", "alice")), IsEmpty());
  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YjE=", "bob")), IsEmpty());
  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTI=", "alice")), IsEmpty());
  EXPECT_EQ(session().early_candidates(), 3U);

  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "alice")),
              ElementsAre("SDP_OFFER/alice/a", "ICE_CANDIDATE/alice/a1", "ICE_CANDIDATE/alice/a2"));

  EXPECT_EQ(session().early_candidates(), 1U);
  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTM=", "alice")), ElementsAre("ICE_CANDIDATE/alice/a3"));
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "alice")), ElementsAre("SDP_OFFER/alice/a"));
}

TEST_F(ClientSessionTest, MissingSenderIsTheMasterAndNotAViewerOfThatName) {
  restart(wire::Role::kViewer);
  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YTE=")));
  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YjE=", "MASTER")));

  EXPECT_THAT(hear(service_text(MessageType::kSdpAnswer, "YQ==")), ElementsAre("SDP_ANSWER//a", "ICE_CANDIDATE//a1"));
}

TEST_F(ClientSessionTest, NamesOfObjectInternalsAreOnlyIds) {
  for (const char* id : {"__proto__", "constructor", "toString"}) {
    SCOPED_TRACE(id);
    EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTE=", id)), IsEmpty());
    EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", id)),
                ElementsAre("SDP_OFFER/" + std::string(id) + "/a", "ICE_CANDIDATE/" + std::string(id) + "/a1"));
  }
}

TEST_F(ClientSessionTest, WhatSendersSaidSurvivesAReconnectUntilForgotten) {
  static_cast<void>(hear(service_text(MessageType::kSdpOffer, "YQ==", "alice")));
  EXPECT_THAT(lost(), ElementsAre("closed/1006"));
  session().on_open(now());

  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTE=", "alice")), ElementsAre("ICE_CANDIDATE/alice/a1"));
  session().forget("alice");
  EXPECT_THAT(hear(service_text(MessageType::kIceCandidate, "YTI=", "alice")), IsEmpty());
}

TEST_F(ClientSessionTest, OldestEarlyCandidateGoesWhenThereAreTooMany) {
  limits().max_early_candidates = 2;
  restart();
  for (const char* payload : {"YTE=", "YTI=", "YTM="}) {
    static_cast<void>(hear(service_text(MessageType::kIceCandidate, payload, "alice")));
  }

  EXPECT_EQ(session().early_candidates(), 2U);
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "alice")),
              ElementsAre("SDP_OFFER/alice/a", "ICE_CANDIDATE/alice/a2", "ICE_CANDIDATE/alice/a3"));
}

TEST_F(ClientSessionTest, SenderUnheardForLongestIsForgottenWhenThereAreTooMany) {
  limits().max_senders = 2;
  restart();
  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YTE=", "alice")));
  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YjE=", "bob")));
  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YTI=", "alice")));

  static_cast<void>(hear(service_text(MessageType::kIceCandidate, "YzE=", "carol")));

  EXPECT_EQ(session().early_candidates(), 3U);
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "alice")), testing::SizeIs(3));
}

TEST_F(ClientSessionTest, ServiceMessagesAreEvents) {
  EXPECT_THAT(hear(R"({"messageType":"GO_AWAY"})"), ElementsAre("go away"));
  EXPECT_THAT(hear(R"({"messageType":"RECONNECT_ICE_SERVER"})"), ElementsAre("reconnect ice"));
  EXPECT_THAT(hear(R"({"messageType":"STATUS_RESPONSE","statusResponse":{"correlationId":"k","statusCode":"400"}})"),
              ElementsAre("status/k/400"));
  EXPECT_TRUE(session().is_open());
}

TEST_F(ClientSessionTest, EmptyTextAndUnknownTypesArePassedOver) {
  EXPECT_THAT(hear(""), IsEmpty());
  EXPECT_THAT(hear(R"({"messageType":"NEW_THING","messagePayload":"AAAA"})"), IsEmpty());
}

TEST_F(ClientSessionTest, UnreadableMessageIsAnEventWithTheReason) {
  EXPECT_THAT(hear("not json"), ElementsAre(HasSubstr("bad/the message cannot be read")));
  EXPECT_THAT(hear(R"({"messageType":"SDP_OFFER","messagePayload":"?","senderClientId":"a"})"),
              ElementsAre("bad/messagePayload is not base64"));
  EXPECT_THAT(give({WsKind::kBinary, "x", 0}), ElementsAre(HasSubstr("bad/")));
  EXPECT_TRUE(session().is_open());
}

TEST_F(ClientSessionTest, SentTextHasTheMembersAndOrderOfTheJsSdk) {
  std::string text;
  ASSERT_TRUE(session().send({MessageType::kSdpAnswer, R"({"type":"answer"})", "alice", "k.1"}, text));

  EXPECT_EQ(text, R"({"action":"SDP_ANSWER","messagePayload":"eyJ0eXBlIjoiYW5zd2VyIn0=","recipientClientId":"alice",)"
                  R"("correlationId":"k.1"})");
}

TEST_F(ClientSessionTest, SendingIsRefusedAsAValueAndWritesNothing) {
  const struct {
    const char* name;
    wire::Role role;
    Outgoing message;
    const char* detail;
  } cases[] = {
      {"viewer names a recipient", wire::Role::kViewer, {MessageType::kSdpOffer, "x", "a", {}}, "must not name"},
      {"recipient", wire::Role::kMaster, {MessageType::kSdpAnswer, "x", "a b", {}}, "the recipient is not"},
      {"correlation id", wire::Role::kMaster, {MessageType::kSdpAnswer, "x", "a", "\""}, "the correlation id is not"},
      {"type", wire::Role::kMaster, {MessageType::kGoAway, "x", "a", {}}, "only offers"},
      {"content", wire::Role::kMaster, {MessageType::kSdpAnswer, "", "a", {}}, "the content is empty"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    restart(c.role);
    std::string text = "before";

    const auto sent = session().send(c.message, text);

    ASSERT_FALSE(sent);
    EXPECT_EQ(sent.error().code, Errc::kInvalidArgument);
    EXPECT_THAT(sent.error().detail, HasSubstr(c.detail));
    EXPECT_EQ(text, "before");
  }
}

TEST_F(ClientSessionTest, ContentTooLargeIsRefusedWithTheLimit) {
  limits().max_payload = 8;
  restart();
  std::string text;

  EXPECT_TRUE(session().send({MessageType::kSdpOffer, "123456", "a", {}}, text));
  const auto sent = session().send({MessageType::kSdpOffer, "1234567", "a", {}}, text);

  ASSERT_FALSE(sent);
  EXPECT_THAT(sent.error().detail, HasSubstr("the limit is 8"));
}

TEST_F(ClientSessionTest, NothingIsSentWithoutAnOpenConnection) {
  std::string text;
  static_cast<void>(close());
  EXPECT_EQ(session().send({MessageType::kSdpOffer, "x", "a", {}}, text).error().code, Errc::kClosed);
  static_cast<void>(lost());
  EXPECT_EQ(session().send({MessageType::kSdpOffer, "x", "a", {}}, text).error().code, Errc::kClosed);
  EXPECT_EQ(text, "");
}

TEST_F(ClientSessionTest, SilentServiceIsPingedAndGivenUp) {
  advance(seconds(10));
  EXPECT_THAT(deadline(), ElementsAre("ping"));
  EXPECT_EQ(*session().next_deadline() - now(), seconds(30));
  advance(seconds(30));
  EXPECT_THAT(deadline(), ElementsAre("closed/1006 unanswered", "drop"));
  EXPECT_FALSE(session().is_open());
  EXPECT_EQ(session().next_deadline(), std::nullopt);
}

TEST_F(ClientSessionTest, AnyFrameIsASignOfLifeAndPingsAreAnswered) {
  advance(seconds(10));
  ASSERT_THAT(deadline(), ElementsAre("ping"));
  advance(seconds(29));

  EXPECT_THAT(give({WsKind::kPing, "x", 0}), ElementsAre("pong"));

  advance(seconds(9));
  EXPECT_THAT(deadline(), IsEmpty());
}

TEST_F(ClientSessionTest, PongToAMarkConfirmsWhatWasSentBeforeIt) {
  EXPECT_THAT(confirm(7), ElementsAre("ping/7"));
  EXPECT_THAT(give({WsKind::kPong, "7", 0}), ElementsAre("confirmed/7"));
  EXPECT_THAT(give({WsKind::kPong, "", 0}), IsEmpty());
  EXPECT_THAT(give({WsKind::kPong, "7x", 0}), IsEmpty());
}

TEST_F(ClientSessionTest, ServiceThatAnswersTheNewestPingOnlyConfirmsByIt) {
  ASSERT_THAT(confirm(7), ElementsAre("ping/7"));
  hear("");  // It lives, and has not answered.
  advance(seconds(10));
  EXPECT_THAT(deadline(), ElementsAre("ping/7"));

  EXPECT_THAT(give({WsKind::kPong, "7", 0}), ElementsAre("confirmed/7"));

  advance(seconds(10));
  EXPECT_THAT(deadline(), ElementsAre("ping")) << "there is nothing left to ask for";
}

TEST_F(ClientSessionTest, MarkOfAConnectionThatEndedIsNotAskedForOnTheNext) {
  ASSERT_THAT(confirm(7), ElementsAre("ping/7"));
  lost();
  session().on_open(now());
  advance(seconds(10));
  EXPECT_THAT(deadline(), ElementsAre("ping"));
}

TEST_F(ClientSessionTest, ServiceThatConfirmsNothingIsGivenUp) {
  ASSERT_THAT(confirm(1), ElementsAre("ping/1"));
  advance(seconds(29));
  ASSERT_THAT(confirm(2), ElementsAre("ping/2"));
  advance(seconds(1));
  EXPECT_THAT(deadline(), ElementsAre("closed/1006 unanswered", "drop"));
  EXPECT_THAT(confirm(3), IsEmpty());
}

TEST_F(ClientSessionTest, MemberOfAMeshNamesWhomItWritesTo) {
  ClientSession member(wire::Role::kViewer, ClientLimits{}, true);
  member.on_open(now());
  std::string text;
  ASSERT_TRUE(member.send({MessageType::kSdpOffer, "x", "bob", {}}, text));
  EXPECT_THAT(text, testing::HasSubstr(R"("recipientClientId":"bob")"));
}

TEST_F(ClientSessionTest, CloseOfTheServiceIsEchoedAndToldOnce) {
  EXPECT_THAT(give({WsKind::kClose, "replaced", 4001}), ElementsAre("close/4001", "closed/4001"));
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "a")), IsEmpty());
  EXPECT_THAT(give({WsKind::kClose, "again", 1000}), IsEmpty());
  EXPECT_THAT(lost(), IsEmpty());
}

TEST_F(ClientSessionTest, CloseOfTheApplicationWaitsForTheAnswerThenDrops) {
  EXPECT_THAT(close(), ElementsAre("close/1000"));
  EXPECT_THAT(close(), IsEmpty());
  EXPECT_THAT(give({WsKind::kClose, "", 1000}), ElementsAre("closed/1000"));
  advance(seconds(5));
  EXPECT_THAT(deadline(), ElementsAre("drop"));
}

TEST_F(ClientSessionTest, ServiceThatDoesNotAnswerTheCloseIsDropped) {
  static_cast<void>(close());
  advance(seconds(5));
  EXPECT_THAT(deadline(), ElementsAre("closed/1006", "drop"));
}

TEST_F(ClientSessionTest, InputsWithoutAConnectionAreIgnored) {
  static_cast<void>(lost());
  EXPECT_THAT(hear(service_text(MessageType::kSdpOffer, "YQ==", "a")), IsEmpty());
  EXPECT_THAT(give({WsKind::kClose, "", 1000}), IsEmpty());
  EXPECT_THAT(deadline(), IsEmpty());
  EXPECT_THAT(lost(), IsEmpty());
}

}  // namespace
}  // namespace heliograph::core
