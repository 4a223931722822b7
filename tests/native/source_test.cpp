// What `heliograph master` and `viewer` are told to send, when it cannot be.
#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using SourceTest = StreamTest;

TEST_F(SourceTest, WhatCannotBeSentIsAMistakeBeforeAnythingIsJoined) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  std::ofstream(file("plain")) << "no device";
  struct Case {
    std::string source;
    std::string says;
  };
  for (const Case& c :
       {Case{file("none.mp4"), "there is no file " + file("none.mp4")}, Case{"bogus:", "there is no file bogus:"},
        Case{dir.path().string(), dir.path().string() + " is no file that can be played"},
        Case{"camera:/dev/no-camera", "/dev/no-camera is no camera that is there: is it plugged in?"},
        Case{"camera:" + file("plain"), file("plain") + " is no camera"}}) {
    SCOPED_TRACE(c.source);

    const auto sent = result_of({"master", "cam", "--create", "--source", c.source, "--for", "10"});
    const auto sent_back = result_of({"viewer", "cam", "--send", c.source, "--for", "10"});

    for (const auto& [code, text] : {sent, sent_back}) {
      EXPECT_EQ(code, 2);
      EXPECT_THAT(text, HasSubstr("heliograph: " + c.says));
    }
  }
  EXPECT_THAT(result_of({"channel", "list"}).second, Not(HasSubstr("\ncam ")));
}

TEST_F(SourceTest, FileThatCannotBePlayedEndsTheMaster) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  std::ofstream(file("letter.mp4")) << "Dear Sir or Madam,\n";
  const auto sender = master({"--source", file("letter.mp4")});
  ASSERT_TRUE(is_open(*sender)) << sender->text();

  const auto watcher = viewer();

  EXPECT_EQ(sender->end(), 1) << sender->text();
  EXPECT_THAT(sender->text(), HasSubstr(R"({"event":"source","text":"the source: )"));
}

TEST_F(SourceTest, RecordingOfNothingLeavesNoFile) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_EQ(result_of({"channel", "create", "cam"}).first, 0);

  const auto lonely = viewer({"--record", file("a.mkv"), "--for", "1"});

  EXPECT_EQ(lonely->end(), 1) << lonely->text();
  EXPECT_THAT(lonely->text(), HasSubstr("nothing was received"));
  EXPECT_FALSE(std::filesystem::exists(file("a.mkv")));
}

TEST_F(SourceTest, FoldersOfRecordingsAreNotMade) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto watcher = viewer({"--record", file("none/a.mkv"), "--for", "1"});
  const auto sender = master({"--record", file("none/in"), "--for", "1"});

  EXPECT_EQ(watcher->end(), 2) << watcher->text();
  EXPECT_THAT(watcher->text(), HasSubstr("there is no folder " + file("none")));
  EXPECT_EQ(sender->end(), 2) << sender->text();
  EXPECT_THAT(sender->text(), HasSubstr("--record " + file("none/in") + ": the folder cannot be made: "));
  EXPECT_FALSE(std::filesystem::exists(file("none")));
}

}  // namespace
}  // namespace heliograph::test
