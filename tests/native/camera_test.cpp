// `heliograph master --source camera` and a V4L2 camera: GStreamer's v4l2src, and tests/support/programs/camera.cpp as
// the driver, since machines that run tests have none.
#include <cstdlib>
#include <string>

#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;

class CameraTest : public StreamTest {
 protected:
  CameraTest() { is_now(""); }
  /// "": well; "busy", "away", "unplugged".
  void is_now(const std::string& state) const { std::ofstream(file("camera")) << state; }
  [[nodiscard]] std::unique_ptr<Program> master_with_camera(const std::string& device) const {
    const char* const options = std::getenv("ASAN_OPTIONS");
    return std::make_unique<Program>(std::vector<std::string>{
        "/usr/bin/env",
        std::string("LD_PRELOAD=") + HELIOGRAPH_CAMERA_LIBRARY,
        "HELIOGRAPH_CAMERA=/dev/video77",
        "HELIOGRAPH_CAMERA_STATE=" + file("camera"),
        std::string("ASAN_OPTIONS=") + (options == nullptr ? "" : options) + ":verify_asan_link_order=0",
        command_program(),
        "master",
        "cam",
        "--create",
        "--json",
        "--size",
        "320x180",
        "--fps",
        "15",
        "--bitrate",
        "300",
        "--source",
        "camera:" + device,
        "--data",
        data()});
  }
};

TEST_F(CameraTest, PicturesArriveUntilItIsUnpluggedAndAgainWithTheNextViewer) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto sender = master_with_camera("/dev/video77");
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto first = viewer({"--record", file("a.mkv")});
  ASSERT_NO_FATAL_FAILURE(watch_and_end(*first)) << sender->text();
  EXPECT_GT(colour_in(file("a.mkv"), 40, 100)[0], 150) << "its left is bright";
  EXPECT_LT(colour_in(file("a.mkv"), 280, 100)[0], 90) << "its right is dark";
  auto second = viewer();
  ASSERT_TRUE(receives_more(*second)) << second->text() << sender->text();

  is_now("unplugged");

  EXPECT_TRUE(sender->says("the source: /dev/video77 gives no more pictures: was it unplugged?")) << sender->text();
  second->signal(SIGINT);
  EXPECT_EQ(second->end(), 0);
  sender->forget();
  ASSERT_TRUE(sender->says(R"("viewers":[])")) << sender->text();
  is_now("");
  const auto third = viewer();
  EXPECT_TRUE(receives_more(*third)) << third->text() << sender->text();
}

TEST_F(CameraTest, WhatIsWrongIsSaidWithWhatToDo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto says = [this](const std::string& device, const std::string& state, const std::string& what) {
    const auto sender = master_with_camera(device);
    ASSERT_TRUE(is_open(*sender)) << sender->text();
    is_now(state);
    const auto watcher = viewer();
    EXPECT_TRUE(sender->says(what)) << sender->text();
    is_now("");
  };
  const std::string is_absent = " is no camera that is there: is it plugged in? ls /dev/video* shows";

  const auto without = master_with_camera("/dev/video78");
  EXPECT_EQ(without->end(), 2);
  EXPECT_THAT(without->text(), HasSubstr("heliograph: /dev/video78" + is_absent));
  says("/dev/video77", "away", "the source: /dev/video77" + is_absent);
  says("/dev/null", "", "the source: /dev/null is no camera: ");
  says("/dev/video77", "busy",
       "the source: /dev/video77 is in use by another program; fuser -v /dev/video77 says which");
}

}  // namespace
}  // namespace heliograph::test
