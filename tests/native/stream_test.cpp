// `heliograph master` and `viewer`: what is sent arrives, by each way, also when somebody is killed on the way.
#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;

TEST_F(StreamTest, RecordingIsAsLongAsWhatWasWatched) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();

  const auto watcher = viewer({"--record", file("a.mkv"), "--for", "6"});
  const int code = watcher->end();

  EXPECT_EQ(code, 0) << watcher->text();
  const auto summary = last_event(watcher->text(), "summary");
  ASSERT_FALSE(summary.empty()) << watcher->text();
  EXPECT_TRUE(summary.at("received").as_bool());
  EXPECT_EQ(summary.at("connections").to_number<int>(), 1);
  for (const char* step :
       {"signaling-viewer-describe-channel", "signaling-viewer-get-signaling-channel-endpoint",
        "signaling-viewer-get-ice-server-config", "sign-connect-as-viewer", "signaling-connect-as-viewer",
        "signaling-viewer", "sdp-exchange-viewer", "pc-establishment-viewer", "ice-gathering-viewer",
        "datachannel-viewer", "ttff-after-pc-viewer", "ttff"})
    EXPECT_TRUE(summary.at("timeline").as_object().contains(step)) << step;
  const double watched = summary.at("video").at("seconds").to_number<double>();
  EXPECT_NEAR(duration_of(file("a.mkv")), watched, 0.5);
  const auto [red, green, blue] = colour_in(file("a.mkv"), 300, 100);
  EXPECT_TRUE(red < 60 && green < 60 && blue > 190)
      << "the last bar, in the second slice: " << red << ' ' << green << ' ' << blue;
  EXPECT_NEAR(summary.at("video").at("framesPerSecond").to_number<double>(), 15, 3);
  EXPECT_EQ(summary.at("audio").at("codec").as_string(), "opus");
  EXPECT_TRUE(sender->says(R"("event":"left")")) << sender->text();
}

TEST_F(StreamTest, GoesThroughTheRelayWhenToldTo) {
  ASSERT_NO_FATAL_FAILURE(start_service({"--turn", "auto", "--turn-port", "0", "--turn-tls-port", "0"}));
  const auto sender = master({"--relay-only", "--codec", "vp8"});
  ASSERT_TRUE(is_open(*sender)) << sender->text();

  const auto watcher = viewer({"--relay-only"});
  ASSERT_TRUE(watcher->says("through the relay")) << watcher->text();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text();
  watcher->signal(SIGINT);

  EXPECT_EQ(watcher->end(), 0);
  EXPECT_EQ(last_event(watcher->text(), "summary").at("video").at("codec").as_string(), "VP8");
}

TEST_F(StreamTest, HangupCompletesARecordingThatTheNextDoesNotReplace) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer({"--record", file("a.mkv")});
  ASSERT_TRUE(receives_more(*watcher)) << watcher->text();

  watcher->signal(SIGHUP);
  EXPECT_EQ(watcher->end(), 0) << watcher->text();
  const auto next = viewer({"--record", file("a.mkv"), "--for", "2"});

  EXPECT_EQ(next->end(), 2) << next->text();
  EXPECT_THAT(next->text(), HasSubstr("a.mkv is there already: another name, or --overwrite"));
  const auto folder = viewer({"--record", dir.path().string(), "--overwrite"});
  EXPECT_EQ(folder->end(), 2) << folder->text();
  EXPECT_THAT(folder->text(), HasSubstr(" is a directory: name a file in it"));
  EXPECT_GT(duration_of(file("a.mkv")), 0);
}

TEST_F(StreamTest, RecordingOnAFullDiskIsAFailure) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();

  const auto watcher = viewer({"--record", "/dev/full", "--overwrite", "--for", "4"});

  EXPECT_EQ(watcher->end(), 1) << watcher->text();
  EXPECT_THAT(watcher->text(), HasSubstr("heliograph: /dev/full: "));
  EXPECT_TRUE(last_event(watcher->text(), "summary").at("recordings").as_array().empty()) << watcher->text();
}

TEST_F(StreamTest, OnATerminalEventsStandAboveTheStatusLine) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  Program watcher({command_program(), "viewer", "cam", "--headless", "--data", data()}, Program::On::kTerminal);
  ASSERT_TRUE(watcher.says("\033[Kconnected  ")) << watcher.text();
  // Only who has seen something misses it soon.
  while (!::testing::Matches(::testing::ContainsRegex("[1-9][0-9]* frames"))(watcher.text())) {
    watcher.forget();
    ASSERT_TRUE(watcher.says(" frames  ")) << watcher.text();
  }

  sender->kill();

  ASSERT_TRUE(watcher.says("looking for a new way")) << watcher.text();
  const std::string& text = watcher.text();
  const std::size_t event = text.find("looking for a new way");
  const std::size_t line = text.rfind('\n', event) + 1;
  const std::string before = text.substr(line, event - line);
  EXPECT_TRUE(before.empty() || before.ends_with("\r\033[K")) << before;
  watcher.signal(SIGTERM);
  EXPECT_EQ(watcher.end(), 0) << watcher.text();
}

TEST_F(StreamTest, WhatAViewerSendsIsRecordedByTheMaster) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  std::filesystem::create_directory(file("in"));
  std::ofstream(file("in/alice-1.mkv")) << "of an earlier run";
  const auto recorder = master({"--record", file("in"), "--no-audio"});
  ASSERT_TRUE(is_open(*recorder)) << recorder->text();

  const auto caller = viewer({"--name", "alice", "--send", "test", "--size", "320x180", "--fps", "15"});
  for (int second = 0; second < 4; ++second) {
    recorder->forget();
    ASSERT_TRUE(recorder->says(R"("receivedKbps":)")) << recorder->text();
  }
  caller->signal(SIGINT);
  EXPECT_EQ(caller->end(), 0) << caller->text();
  ASSERT_TRUE(recorder->says(R"("event":"left")")) << recorder->text();
  recorder->signal(SIGTERM);
  EXPECT_EQ(recorder->end(), 0) << recorder->text();

  EXPECT_GT(duration_of(file("in/alice-2.mkv")), 2.0);
  EXPECT_EQ(std::filesystem::file_size(file("in/alice-1.mkv")), 17U);
}

TEST_F(StreamTest, CallInWhichNothingIsSentLeavesNoRecordingBehind) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto recorder = master({"--record", file("in")});
  ASSERT_TRUE(is_open(*recorder)) << recorder->text();

  const auto caller = viewer({"--name", "alice", "--headless"});
  ASSERT_TRUE(receives_more(*caller)) << caller->text();
  ASSERT_TRUE(std::filesystem::exists(file("in/alice-1.mkv")));
  caller->signal(SIGINT);
  EXPECT_EQ(caller->end(), 0) << caller->text();

  ASSERT_TRUE(recorder->says("alice-1.mkv: ")) << recorder->text();
  EXPECT_TRUE(std::filesystem::is_empty(file("in")));
  recorder->signal(SIGTERM);
  EXPECT_EQ(recorder->end(), 0) << recorder->text();
}

TEST_F(StreamTest, MoreViewersThanMayBeAreTurnedAway) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master({"--viewers", "1"});
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto first = viewer({"--name", "first"});
  ASSERT_TRUE(receives_more(*first)) << first->text();

  const auto second = viewer({"--name", "second", "--for", "5"});

  EXPECT_EQ(second->end(), 1) << second->text();
  EXPECT_THAT(second->text(), HasSubstr("nothing was received"));
  EXPECT_TRUE(sender->says(R"(second was refused: there are 1 viewers already)"));
  EXPECT_TRUE(receives_more(*first));
}

TEST_F(StreamTest, ViewerGoesOnWithAMasterThatWasKilledAndStartedAgain) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer();
  ASSERT_TRUE(receives_more(*watcher)) << watcher->text();

  sender->kill();
  sender = master();

  ASSERT_TRUE(watcher->says("calling the master again")) << watcher->text();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text();
}

TEST_F(StreamTest, ViewerThatWasKilledIsLetGo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer({"--name", "doomed"});
  ASSERT_TRUE(receives_more(*watcher)) << watcher->text();
  sender->forget();

  watcher->kill();

  // Its checks are repeated for three quarters of a minute before ICE gives it up; then it may come back for 15 s.
  EXPECT_TRUE(sender->says("it vanished", std::chrono::seconds(100))) << sender->text();
}

TEST_F(StreamTest, CallsGoOnAndNewOnesComeAfterTheServiceWasKilled) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const std::string where = address();
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer({"--name", "early"});
  ASSERT_TRUE(receives_more(*watcher)) << watcher->text();
  sender->forget();

  service->kill();
  ASSERT_TRUE(sender->says(R"("event":"lost")")) << sender->text();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text();
  ASSERT_NO_FATAL_FAILURE(start_service({"--turn", "off"}, where));
  ASSERT_TRUE(sender->says("the service is back")) << sender->text();
  const auto late = viewer({"--name", "late"});

  EXPECT_TRUE(receives_more(*late)) << late->text();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text();
  watcher->signal(SIGINT);
  EXPECT_EQ(watcher->end(), 0) << watcher->text();
  EXPECT_EQ(last_event(watcher->text(), "summary").at("connections").to_number<int>(), 1);
}

TEST_F(StreamTest, ViewerWithoutAMasterFailsAndSaysSo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_EQ(result_of({"channel", "create", "cam"}).first, 0);

  const auto lonely = viewer({"--for", "2"});

  EXPECT_EQ(lonely->end(), 1);
  EXPECT_THAT(lonely->text(), HasSubstr("nothing was received"));
  EXPECT_FALSE(last_event(lonely->text(), "summary").at("received").as_bool());
}

}  // namespace
}  // namespace heliograph::test
