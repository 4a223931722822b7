// The small parts of calls: typed lines, flags, figures, the timeline, and when a viewer is gone.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <boost/json.hpp>

#include "cli/call/chat_input.hpp"
#include "cli/call/figures.hpp"
#include "cli/call/master_call.hpp"
#include "cli/call/media_flags.hpp"
#include "cli/call/peer_watch.hpp"
#include "cli/call/relays.hpp"
#include "cli/call/takers.hpp"
#include "cli/call/timeline.hpp"
#include "cli/channel_commands.hpp"
#include "cli/client/sdk_service.hpp"
#include "wire/names.hpp"

namespace heliograph::cli {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

TEST(ChatInputTest, EveryKindOfLine) {
  using Kind = ChatInput::Kind;
  struct Case {
    const char* line;
    Kind kind;
    const char* to;
    const char* text;
  };
  for (const Case& c :
       {Case{"", Kind::kNothing, "", ""}, Case{"  \t\r", Kind::kNothing, "", ""},
        Case{"hello there\r", Kind::kSay, "", "hello there"}, Case{"/all hello  there", Kind::kSay, "", "hello  there"},
        Case{"/to  alice  hi you", Kind::kTo, "alice", "hi you"}, Case{"//all of it", Kind::kSay, "", "/all of it"},
        Case{"/who", Kind::kWho, "", ""}, Case{"/quit", Kind::kQuit, "", ""}, Case{"/help", Kind::kHelp, "", ""}}) {
    SCOPED_TRACE(c.line);
    const auto input = parse_chat_input(c.line);
    EXPECT_EQ(input.kind, c.kind);
    EXPECT_EQ(input.to, c.to);
    EXPECT_EQ(input.text, c.text);
  }
  for (const char* wrong : {"/to", "/to alice", "/all", "/nobody knows"})
    EXPECT_EQ(parse_chat_input(wrong).kind, Kind::kMistake) << wrong;
}

TEST(ChatInputTest, TextOfOthersCannotCommandATerminal) {
  EXPECT_EQ(printable("a\x1b[2Jb\nc\x7f\xc2\x9b"
                      "1m\xc3\xa9"),
            "a?[2Jb c??1m\xc3\xa9");
  EXPECT_EQ(printable("a\x9b"
                      "1mb\xc3"),
            "a?1mb?")
      << "what is no UTF-8";
}

TEST(ChatInputTest, TextOfOthersIsUtf8WhateverTheySent) {
  EXPECT_EQ(well_formed("na\xc3\xafve\n\x9b \xc3"), "na\xc3\xafve\n\xef\xbf\xbd \xef\xbf\xbd");
  EXPECT_EQ(well_formed(""), "");
}

TEST(MediaFlagsTest, SourcesAreToldApart) {
  EXPECT_TRUE(std::holds_alternative<MediaSource::TestPattern>(*parse_source("test")));
  EXPECT_EQ(std::get<MediaSource::Camera>(*parse_source("camera")).device, "/dev/video0");
  EXPECT_EQ(std::get<MediaSource::Camera>(*parse_source("camera:/dev/video2")).device, "/dev/video2");
  EXPECT_EQ(std::get<MediaSource::File>(*parse_source("./test")).path, "./test");
  EXPECT_TRUE(std::holds_alternative<MediaSource::H264Stream>(*parse_source("-")));
  for (const char* wrong : {"", "camera:", "http://a/b.mp4"}) EXPECT_FALSE(parse_source(wrong)) << wrong;
}

TEST(MediaFlagsTest, PasswordOfACameraIsNoPartOfItsUrl) {
  const auto camera = std::get<MediaSource::Rtsp>(*parse_source("rtsp://admin:p%40ss:w@cam.example:554/live?a=b"));
  const auto open = std::get<MediaSource::Rtsp>(*parse_source("rtsp://cam.example/live/a@b"));

  EXPECT_EQ(camera.url, "rtsp://cam.example:554/live?a=b");
  EXPECT_EQ(camera.username, "admin");
  EXPECT_EQ(camera.password.reveal(), "p@ss:w");
  EXPECT_EQ(open.url, "rtsp://cam.example/live/a@b");
  EXPECT_EQ(open.username, "");
}

TEST(MediaFlagsTest, CamerasAreReadByTcpUnlessTheSchemeSaysUdp) {
  const auto by_udp = std::get<MediaSource::Rtsp>(*parse_source("rtspu://me:word@[::1]:554/live"));

  EXPECT_EQ(by_udp.url, "rtsp://[::1]:554/live");
  EXPECT_FALSE(by_udp.over_tcp);
  EXPECT_TRUE(std::get<MediaSource::Rtsp>(*parse_source("rtsp://[::1]/live:1")).over_tcp);
}

TEST(MediaFlagsTest, HalfAPasswordIsNotTakenForAPort) {
  const auto wrong = parse_source("rtsp://me:pass/word@cam.example/live");

  ASSERT_FALSE(wrong);
  EXPECT_THAT(wrong.error().detail, ::testing::HasSubstr("%2F for /"));
  EXPECT_THAT(wrong.error().detail, ::testing::Not(::testing::HasSubstr("pass/")));
}

TEST(MediaFlagsTest, SizesAreEvenAndWithinReason) {
  EXPECT_EQ(*parse_size("320x180"), std::pair(320, 180));
  for (const char* wrong : {"", "320", "x180", "320x", "321x180", "320x181", "0x0", "99999x2", "320x180x2", "-2x180"})
    EXPECT_FALSE(parse_size(wrong)) << wrong;
}

TEST(MediaFlagsTest, CodecsAreOrderedByPreference) {
  EXPECT_EQ(parse_codec("h264")->front(), Codec::kH264);
  EXPECT_EQ(*parse_codec("vp8"), (std::vector{Codec::kVp8, Codec::kH264, Codec::kOpus}));
  EXPECT_FALSE(parse_codec("av1"));
}

TEST(MediaFlagsTest, NamesOfChanceAreClientIdsAndDiffer) {
  EXPECT_TRUE(wire::is_client_id(random_client_id()));
  EXPECT_NE(random_client_id(), random_client_id());
}

TEST(MediaFlagsTest, FilesOfViewersStayInTheirDirectory) {
  EXPECT_EQ(file_name_of("alice-1.b"), "alice-1.b");
  EXPECT_EQ(file_name_of("../../etc/x"), "_.._.._etc_x");
  EXPECT_EQ(file_name_of(""), "_");
}

TEST(RecordingPathTest, LaterConnectionsHaveNumbers) {
  EXPECT_EQ(recording_path("/a.b/c.mkv", 1), "/a.b/c.mkv");
  EXPECT_EQ(recording_path("/a.b/c.mkv", 2), "/a.b/c-2.mkv");
  EXPECT_EQ(recording_path("/a.b/c", 3), "/a.b/c-3");
}

TEST(PeerWatchTest, ViewerThatVanishesIsGoneAfterFifteenSeconds) {
  const PeerWatch::Time start{};
  PeerWatch watch(start);
  watch.on_connected();
  watch.on_lost(start + seconds(60));
  watch.on_lost(start + seconds(70));  // Failed, after it was disconnected: that counts from the first.

  EXPECT_FALSE(watch.is_gone(start + seconds(75) - milliseconds(1)));
  EXPECT_TRUE(watch.is_gone(start + seconds(75)));
}

TEST(PeerWatchTest, IceRestartOfALostViewerHasTimeToConnect) {
  const PeerWatch::Time start{};
  PeerWatch watch(start);
  watch.on_connected();
  watch.on_lost(start);
  watch.on_restart(start + seconds(14));

  EXPECT_FALSE(watch.is_gone(start + seconds(43)));
  watch.on_connected();
  EXPECT_FALSE(watch.is_gone(start + seconds(1000)));
}

TEST(PeerWatchTest, ViewerThatNeverConnectsIsGoneAfterThirtySeconds) {
  const PeerWatch::Time start{};
  PeerWatch watch(start);
  watch.on_lost(start);

  EXPECT_FALSE(watch.is_gone(start + seconds(29)));
  EXPECT_TRUE(watch.is_gone(start + seconds(30)));
}

TEST(TimelineTest, FirstTimesCountAndWhatDidNotEndIsLeftOut) {
  const Timeline::Time start{};
  Timeline timeline(start);
  timeline.begin("sdp-exchange-viewer", start + milliseconds(20));
  timeline.end("sdp-exchange-viewer", start + milliseconds(50));
  timeline.begin("sdp-exchange-viewer", start + milliseconds(900));
  timeline.end("sdp-exchange-viewer", start + milliseconds(990));
  timeline.begin("ice-gathering-viewer", start);
  timeline.reach("ttff", start + milliseconds(81));

  EXPECT_EQ(boost::json::serialize(timeline.to_json()),
            R"({"sdp-exchange-viewer":{"start":2E1,"end":5E1,"duration":3E1},)"
            R"("ttff":{"start":0E0,"end":8.1E1,"duration":8.1E1}})");
}

TEST(FiguresTest, MastersLineSaysWhatViewersGet) {
  MasterFigures figures{.running = seconds(41), .frames_per_second = 29.97, .frames = 1234};
  EXPECT_EQ(to_line(figures), "0 viewers  0:41");
  PeerStats near;
  near.round_trip = milliseconds(12);
  near.tracks = {{.is_sent = true, .kbps = 1500}, {.is_sent = true, .kbps = 48}, {.is_sent = false, .kbps = 9999}};
  figures.viewers["alice"] = near;
  EXPECT_EQ(to_line(figures), "1 viewer  1.5 Mbit/s  30.0 fps  1234 frames  RTT 12 ms  0:41");
  PeerStats far;
  far.round_trip = milliseconds(48);
  figures.viewers["bob"] = far;
  EXPECT_EQ(to_line(figures), "2 viewers  1.5 Mbit/s  30.0 fps  1234 frames  RTT 12–48 ms  0:41");
}

TEST(FiguresTest, PathNamesTheRelayOfEitherSide) {
  PeerStats stats;
  EXPECT_EQ(to_path(stats), "");
  stats.local = CandidateStats{.type = "host", .protocol = "udp"};
  stats.remote = CandidateStats{.type = "relay", .protocol = "udp"};
  EXPECT_EQ(to_path(stats), "through the relay (udp)");
  stats.remote->type = "prflx";
  EXPECT_EQ(to_path(stats), "direct (host to prflx)");
}

TEST(FiguresTest, RatesAndClocks) {
  EXPECT_EQ(to_rate(0), "0 kbit/s");
  EXPECT_EQ(to_rate(999.4), "999 kbit/s");
  EXPECT_EQ(to_rate(999.6), "1.0 Mbit/s");
  EXPECT_EQ(to_clock(seconds(7)), "0:07");
  EXPECT_EQ(to_clock(seconds(3723)), "1:02:03");
}

TEST(RefreshAfterTest, ShortestLifeCountsAndStunHasNone) {
  EXPECT_FALSE(refresh_after({{.uris = {"stun:a"}}}));
  EXPECT_EQ(refresh_after({{.uris = {"stun:a"}}, {.ttl = seconds(300)}, {.ttl = seconds(100)}}), seconds(80));
}

TEST(RenewRelaysTest, RelaysAreReplacedAndStunStays) {
  std::vector<IceServer> known{{.uris = {"stun:a"}}, {.uris = {"turn:old"}, .ttl = seconds(300)}};

  renew_relays(known, {{.uris = {"turn:new"}, .ttl = seconds(300)}});

  ASSERT_EQ(known.size(), 2U);
  EXPECT_EQ(known[0].uris.front(), "stun:a");
  EXPECT_EQ(known[1].uris.front(), "turn:new");
}

TEST(TagTextTest, KeysAndValuesArePartedAtTheFirstSign) {
  EXPECT_EQ(*parse_tags({"a=b", "c=", "d=e=f"}), (Tags{{"a", "b"}, {"c", ""}, {"d", "e=f"}}));
  for (const char* wrong : {"a", "=b", ""}) EXPECT_FALSE(parse_tags({wrong})) << wrong;
  EXPECT_FALSE(parse_tags({"a=b", "a=c"}));
}

TEST(ServiceRuleTest, FlagsComeBeforeWhatRunsHereAndThatBeforeAmazon) {
  EXPECT_EQ(choose_rule({.is_aws = true}, true), ServiceRule::kSdk);
  EXPECT_EQ(choose_rule({.endpoint = "https://a"}, true), ServiceRule::kEndpoint);
  EXPECT_EQ(choose_rule({}, true), ServiceRule::kData);
  EXPECT_EQ(choose_rule({}, false), ServiceRule::kSdk);
  EXPECT_EQ(choose_rule({.is_data_given = true}, false), ServiceRule::kData);
  EXPECT_EQ(choose_rule({.is_data_given = true, .is_aws = true}, false), ServiceRule::kSdk);
}

}  // namespace
}  // namespace heliograph::cli
