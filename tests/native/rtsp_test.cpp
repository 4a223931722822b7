// `heliograph master --source rtsp://…` and a camera that speaks RTSP: GStreamer's server, on loopback.
#include <unistd.h>

#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

class RtspTest : public StreamTest {
 protected:
  /// @param access  {user, password}, or nothing.
  void start_camera(const std::string& port = "0", std::vector<std::string> access = {}) {
    access.insert(access.begin(), {HELIOGRAPH_RTSP_SERVER, port});
    camera = std::make_unique<Program>(access);
    ASSERT_TRUE(camera->says("listening on ")) << camera->text();
    ASSERT_TRUE(camera->says("\n"));
    const std::string& text = camera->text();
    const std::size_t begin = text.find("listening on ") + 13;
    port_ = text.substr(begin, text.find('\n', begin) - begin);
  }
  [[nodiscard]] std::string at(const std::string& path, const std::string& user = {},
                               const std::string& scheme = "rtsp") const {
    return scheme + "://" + user + "127.0.0.1:" + port_ + path;
  }
  [[nodiscard]] std::unique_ptr<Program> master_of(const std::string& source) const {
    return master({"--source", source});
  }
  /// What ffprobe says of a recording's streams: "h264", "opus" …
  static std::string codecs_of(const std::string& file) {
    Program probe({"/usr/bin/ffprobe", "-v", "error", "-show_entries", "stream=codec_name", "-of", "csv=p=0", file});
    EXPECT_EQ(probe.end(), 0) << probe.text();
    return probe.text();
  }

  std::unique_ptr<Program> camera;
  std::string port_;
};

TEST_F(RtspTest, PicturesAndSoundOfACameraAreRecordedByAViewer) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera());
  struct Case {
    const char* name;
    std::string url;
    const char* codecs;
  };
  const Case cases[] = {
      {"H.264 and Opus, as they are", at("/opus"), "h264\nopus\n"},
      {"H.264 and PCMU", at("/pcmu"), "h264\nopus\n"},
      {"H.264 and AAC", at("/aac"), "h264\nopus\n"},
      {"by UDP", at("/opus", "", "rtspu"), "h264\nopus\n"},
      {"JPEG, no sound", at("/jpeg"), "h264\n"},
  };
  for (const Case& each : cases) {
    SCOPED_TRACE(each.name);
    const auto sender = master_of(each.url);
    ASSERT_TRUE(is_open(*sender)) << sender->text();
    const std::string recording = file("film.mkv");

    const auto watcher = viewer({"--record", recording, "--overwrite"});
    ASSERT_NO_FATAL_FAILURE(watch_and_end(*watcher)) << sender->text();

    EXPECT_GT(duration_of(recording), 2.5);
    EXPECT_GT(colour_in(recording, 300, 100)[2], 190) << "the last bar, which is blue";
    EXPECT_EQ(codecs_of(recording), each.codecs);
    EXPECT_THAT(sender->text(), Not(HasSubstr(R"("event":"source")")));
  }
}

TEST_F(RtspTest, PasswordIsUsedAndNeverShown) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera("0", {"me", "pass w@rd/1"}));
  const auto sender = master_of(at("/opus", "me:pass%20w%40rd%2F1@"));
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text() << sender->text();
  EXPECT_THAT(sender->text(), Not(HasSubstr("pass")));
  for (const std::string url :
       {"rtsp:/me:pass@127.0.0.1/opus", "rtsp//me:pass@127.0.0.1/opus", "rtsp:me:pass@127.0.0.1/opus",
        "RTSP://me:pass@127.0.0.1/opus", "camera:rtsp://me:pass@127.0.0.1/opus"}) {
    SCOPED_TRACE(url);
    const auto [code, said] = result_of({"master", "cam", "--source", url});
    EXPECT_EQ(code, 2);
    EXPECT_THAT(said, HasSubstr("rtsp://"));
    EXPECT_THAT(said, Not(HasSubstr("pass")));
  }
}

TEST_F(RtspTest, WhatIsWrongIsSaidWithWhatToDo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera("0", {"me", "secret"}));
  const auto says = [this](const std::string& url, const std::string& what) {
    const auto sender = master({"--verbose", "--source", url});
    ASSERT_TRUE(is_open(*sender)) << sender->text();
    const auto watcher = viewer();
    EXPECT_TRUE(sender->says(what)) << sender->text();
    EXPECT_TRUE(sender->says("tried again in 2 s")) << sender->text();
    for (const char* hidden : {"wrong-word", "secret"}) EXPECT_THAT(sender->text(), Not(HasSubstr(hidden)));
  };

  says(at("/opus", "me:wrong-word@"), "does not take this user name and password");
  says(at("/opus"), "asks for a user name and a password: rtsp://USER:PASSWORD@HOST/PATH");
  says(at("/nothing?user=me&password=wrong-word", "me:secret@"), "has no stream of that path");
  says("rtsp://127.0.0.1:1/opus", "rtsp://127.0.0.1:1 cannot be reached: is the camera on");
  const auto mistaken = result_of({"master", "cam", "--source", "rtsp://me:wrong/word@127.0.0.1/opus"});
  EXPECT_EQ(mistaken.first, 2);
  EXPECT_THAT(mistaken.second, HasSubstr("%2F for /"));
  EXPECT_THAT(mistaken.second, Not(HasSubstr("wrong")));
}

TEST_F(RtspTest, SoundAloneIsPassedOnAndSaid) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera());
  const auto sender = master_of(at("/sound"));
  ASSERT_TRUE(is_open(*sender)) << sender->text();

  const auto watcher = viewer();

  EXPECT_TRUE(sender->says("sends no pictures at that path, only sound")) << sender->text();
  EXPECT_TRUE(watcher->says(R"("codec":"opus","seconds":)")) << watcher->text();
  watcher->signal(SIGINT);
  EXPECT_EQ(watcher->end(), 0) << watcher->text();
  EXPECT_THAT(sender->text(), Not(HasSubstr("tried again")));
}

TEST_F(RtspTest, CameraThatIsNotThereYetIsTriedUntilItIs) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera());
  camera->kill();
  const auto sender = master_of(at("/opus"));
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer();
  for (const char* pause : {"tried again in 1 s", "tried again in 2 s"})
    ASSERT_TRUE(sender->says(pause)) << sender->text();

  ASSERT_NO_FATAL_FAILURE(start_camera(port_));

  EXPECT_TRUE(receives_more(*watcher)) << watcher->text() << sender->text();
}

TEST_F(RtspTest, CameraThatGoesAndComesBackIsSeenAgain) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  for (const char* scheme : {"rtsp", "rtspu"}) {
    SCOPED_TRACE(scheme);
    ASSERT_NO_FATAL_FAILURE(start_camera());
    const auto sender = master_of(at("/opus", "", scheme));
    ASSERT_TRUE(is_open(*sender)) << sender->text();
    const auto watcher = viewer();
    ASSERT_TRUE(receives_more(*watcher)) << watcher->text();
    for (int time = 0; time < 2; ++time) {
      sender->forget();

      camera->kill();
      // Who gave pictures is tried soon again, each time.
      ASSERT_TRUE(sender->says("tried again in 1 s")) << sender->text();
      ASSERT_NO_FATAL_FAILURE(start_camera(port_));

      ASSERT_TRUE(receives_more(*watcher)) << watcher->text() << sender->text();
    }
    watcher->signal(SIGINT);
    EXPECT_EQ(watcher->end(), 0);
  }
}

TEST_F(RtspTest, CameraThatFallsSilentIsCalledAgain) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_camera());
  const auto sender = master_of(at("/opus"));
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer();
  ASSERT_TRUE(receives_more(*watcher)) << watcher->text();

  // As one that lost its power: the connection stays.
  camera->signal(SIGSTOP);
  EXPECT_TRUE(sender->says("has fallen silent")) << sender->text();
  camera->signal(SIGCONT);

  EXPECT_TRUE(receives_more(*watcher)) << watcher->text() << sender->text();
}

}  // namespace
}  // namespace heliograph::test
