// Events as their receivers read them, and their signature.
#include "server/events/event.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <thread>

#include "server/events/connection_filter.hpp"
#include "server/events/event_ring.hpp"
#include "server/events/event_stream.hpp"
#include "server/events/hook_signer.hpp"
#include "support/test_world.hpp"

namespace heliograph::server::events {
namespace {

using ::testing::HasSubstr;
using ::testing::StartsWith;

constexpr const char* kArn = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/cam/1750000000000";

FactsPtr facts(wire::Role role, std::string client, std::uint64_t serial = 7) {
  auto principal = std::make_shared<Principal>();
  principal->name = "default";
  principal->id = AccessKeyId("AKIAADMIN");
  return std::make_shared<const ConnectionFacts>(
      ConnectionFacts{.conn = {1, serial},
                      .channel = ChannelArn(kArn),
                      .role = role,
                      .client = ClientId(std::move(client)),
                      .since = WallTime(std::chrono::milliseconds(1'750'000'000'001)),
                      .address = "192.0.2.1",
                      .user_agent = "test \"1\"",
                      .principal = principal});
}

class EventTest : public ::testing::Test {
 protected:
  std::string json(const PresenceChange& change) { return writer_.write(change)->json(); }
  std::string stream_text(EventStream& stream) {
    std::string out;
    is_open_ = stream.read(out);
    return out;
  }

  test::SetClock clock_;
  test::AscendingRng rng_;
  EventWriter writer_{clock_.wall, rng_};
  EventMeter meter_;
  bool is_open_ = true;
};

TEST_F(EventTest, JoinSaysWhoWhereAndWithWhoseKey) {
  EXPECT_EQ(
      json({.kind = PresenceChange::Kind::kJoined, .time = clock_.wall, .who = facts(wire::Role::kViewer, "alice")}),
      R"({"id":"01977420dc00-00010203-1","type":"viewer.joined","time":"2025-06-15T15:06:40.000Z",)"
      R"("channel":{"name":"cam","arn":"arn:aws:kinesisvideo:us-east-1:000000000000:channel/cam/1750000000000"},)"
      R"("connection":{"id":"1-7","role":"VIEWER","clientId":"alice","since":"2025-06-15T15:06:40.001Z",)"
      R"("address":"192.0.2.1","userAgent":"test \"1\"",)"
      R"("principal":{"name":"default","accessKeyId":"AKIAADMIN"}}})");
}

TEST_F(EventTest, LeaveSaysWhoEndedItAndWhy) {
  const struct {
    const char* name;
    PresenceChange::Kind kind;
    wire::Role role;
    Ending ending;
    const char* text;
    const char* type;
    const char* reason;
  } cases[] = {
      {"peer",
       PresenceChange::Kind::kLeft,
       wire::Role::kViewer,
       {Errc::kClosed, 1000},
       "",
       "viewer.left",
       R"("reason":{"code":1000,"by":"peer","text":"closed by the client"})"},
      {"socket",
       PresenceChange::Kind::kLeft,
       wire::Role::kMaster,
       {Errc::kClosed, 1006},
       "",
       "master.offline",
       R"("reason":{"code":1006,"by":"peer","text":"the connection just ended"})"},
      {"replaced",
       PresenceChange::Kind::kReplaced,
       wire::Role::kMaster,
       {Errc::kReplaced, 0},
       "",
       "master.replaced",
       R"("reason":{"code":4001,"by":"service","text":"replaced by a newer connection of the same role and id"})"},
      {"operator",
       PresenceChange::Kind::kLeft,
       wire::Role::kViewer,
       {Errc::kDisconnected, 0},
       "bye",
       "viewer.left",
       R"("reason":{"code":4005,"by":"service","text":"bye"})"},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const std::string event = json({.kind = c.kind,
                                    .time = clock_.wall,
                                    .who = facts(c.role, "x"),
                                    .deleted = {},
                                    .ending = c.ending,
                                    .reason_text = c.text});
    EXPECT_THAT(event, HasSubstr("\"type\":\"" + std::string(c.type) + "\""));
    EXPECT_THAT(event, HasSubstr(c.reason));
  }
}

TEST_F(EventTest, KeepsNobodysSecrets) {
  auto who = facts(wire::Role::kViewer, "alice");
  const std::weak_ptr<const Principal> principal = who->principal;
  const std::weak_ptr<const ConnectionFacts> connection = who;

  const EventPtr event =
      writer_.write({.kind = PresenceChange::Kind::kJoined, .time = clock_.wall, .who = std::move(who)});

  EXPECT_TRUE(principal.expired());
  EXPECT_TRUE(connection.expired());
  EXPECT_THAT(event->json(), HasSubstr("AKIAADMIN"));
}

TEST_F(EventTest, EachIsToldWithItsOwnSigner) {
  for (const std::string name : {"one", "other", "other", "one"}) {
    auto principal = std::make_shared<Principal>();
    principal->name = name;
    principal->id = AccessKeyId("AKIA" + name);
    auto who = std::make_shared<ConnectionFacts>(*facts(wire::Role::kViewer, "v"));
    who->principal = principal;
    EXPECT_THAT(json({.kind = PresenceChange::Kind::kJoined, .time = clock_.wall, .who = who}),
                HasSubstr(R"("principal":{"name":")" + name + R"(","accessKeyId":"AKIA)" + name + '"'));
  }
}

TEST_F(EventTest, TextIsTheSameForAllWhoAsk) {
  const EventPtr event = writer_.write(
      {.kind = PresenceChange::Kind::kJoined, .time = clock_.wall, .who = facts(wire::Role::kViewer, "alice")});
  std::vector<std::string> seen(4);
  std::vector<std::thread> readers;
  for (std::string& text : seen) readers.emplace_back([&]() { text = event->json(); });
  for (std::thread& reader : readers) reader.join();
  for (const std::string& text : seen) EXPECT_EQ(text, event->json());
}

TEST_F(EventTest, SignatureIsThatOfTheDocumentsExample) {
  const HookSigner signer(Secret("heliograph-example-secret"));

  const std::string header = signer.sign(R"({"id":"1"})", WallTime(std::chrono::milliseconds(1'763'728'117'500)));

  // hmac.new(b"heliograph-example-secret", b'1763728117.{"id":"1"}', "sha256").hexdigest()
  EXPECT_EQ(header, "t=1763728117,v1=b1939785bff8a88a8c53581b7ca94a99313f4e767c4ae4be71a582e66ef46ac7");
}

TEST_F(EventTest, StreamGivesEventsInTheirFieldsAndThenASignOfLife) {
  EventRing ring(writer_.prefix());
  EventStream stream(ring, meter_, {.from = ring.end()});
  EXPECT_EQ(stream_text(stream), "retry: 2000\n\n");

  ring.publish({writer_.write(
      {.kind = PresenceChange::Kind::kJoined, .time = clock_.wall, .who = facts(wire::Role::kMaster, "")})});

  EXPECT_THAT(
      stream_text(stream),
      StartsWith("id: 01977420dc00-00010203-1\nevent: master.online\ndata: {\"id\":\"01977420dc00-00010203-1\""));
  EXPECT_EQ(stream_text(stream), "");
  ring.beat();
  EXPECT_EQ(stream_text(stream), ":\n\n");
}

TEST_F(EventTest, StreamGoesOnAfterTheEventThatItsFollowerHasSeen) {
  EventRing ring(writer_.prefix());
  for (int i = 0; i < 3; ++i) ring.publish({writer_.write_started(clock_.wall)});

  const auto from = ring.after(writer_.prefix() + "-2");
  ASSERT_EQ(from, 3U);
  EventStream stream(ring, meter_, {.from = *from});

  const std::string text = stream_text(stream);
  EXPECT_THAT(text, HasSubstr("id: " + writer_.prefix() + "-3\n"));
  EXPECT_THAT(text, ::testing::Not(HasSubstr("id: " + writer_.prefix() + "-2\n")));
}

TEST_F(EventTest, UnknownPlacesAreToldAsAGap) {
  EventRing ring(writer_.prefix());
  for (const char* id :
       {"elsewhere-1", "", "01977420dc00-00010203-", "01977420dc00-00010203-x", "01977420dc00-00010203-99"})
    EXPECT_EQ(ring.after(id), std::nullopt) << id;

  EventStream stream(ring, meter_, {.from = ring.end(), .is_unknown = true});

  EXPECT_THAT(stream_text(stream), HasSubstr("event: gap\ndata: {\"missed\":0}\n"));
}

TEST_F(EventTest, FollowerThatFallsOutOfTheRingIsDroppedWithTheReason) {
  EventRing ring(writer_.prefix(), 4);
  EventStream stream(ring, meter_, {.from = ring.end()});
  EXPECT_EQ(stream_text(stream), "retry: 2000\n\n");

  for (int i = 0; i < 10; ++i) ring.publish({writer_.write_started(clock_.wall)});

  EXPECT_EQ(stream_text(stream),
            "event: dropped\ndata: {\"reason\":\"the stream was read too slowly\",\"missed\":6}\n\n");
  EXPECT_FALSE(is_open_);
  EXPECT_EQ(meter_.streams_dropped.load(), 1U);
}

TEST_F(EventTest, FiltersMeanWhatTheySay) {
  const auto alice = facts(wire::Role::kViewer, "alice");
  const struct {
    const char* name;
    ConnectionFilter filter;
    bool holds;
  } cases[] = {
      {"name", {.channel = "cam", .client = {}, .role = {}, .connection = {}, .key = {}}, true},
      {"part of a name", {.channel = "ca", .client = {}, .role = {}, .connection = {}, .key = {}}, false},
      {"ARN", {.channel = kArn, .client = {}, .role = {}, .connection = {}, .key = {}}, true},
      {"client", {.channel = {}, .client = "alice", .role = {}, .connection = {}, .key = {}}, true},
      {"other role", {.channel = "cam", .client = {}, .role = wire::Role::kMaster, .connection = {}, .key = {}}, false},
      {"id", {.channel = {}, .client = {}, .role = {}, .connection = "1-7", .key = {}}, true},
      {"other key", {.channel = {}, .client = {}, .role = {}, .connection = {}, .key = "AKIAOTHER"}, false},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    EXPECT_EQ(c.filter.holds_for(*alice), c.holds);
  }
  for (const char* text : {"", "1", "1-", "-1", "1-7x", "a-b"}) EXPECT_FALSE(parse_conn(text)) << text;
}

}  // namespace
}  // namespace heliograph::server::events
