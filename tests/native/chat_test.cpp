// `heliograph chat`: a master and its viewers, through pipes.
#include "support/native_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using ChatTest = NativeTest;

TEST_F(ChatTest, MasterTalksWithTwoViewersByName) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"chat", "cam", "--master", "--create"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();
  const auto alice = run({"chat", "cam", "--viewer", "--name", "alice"});
  const auto bob = run({"chat", "cam", "--viewer", "--name", "bob"});
  ASSERT_TRUE(master->says("* alice joined\n")) << master->text();
  ASSERT_TRUE(master->says("* bob joined\n")) << master->text();

  alice->write("hello from alice\n");
  ASSERT_TRUE(master->says("alice: hello from alice\n")) << master->text();
  master->write("/who\n/to alice only you\n/all both of you\n");
  EXPECT_TRUE(master->says("* here: alice, bob\n"));
  EXPECT_TRUE(alice->says("master: both of you\n")) << alice->text();
  EXPECT_TRUE(bob->says("master: both of you\n")) << bob->text();
  EXPECT_THAT(alice->text(), HasSubstr("master: only you\n"));
  EXPECT_THAT(bob->text(), Not(HasSubstr("only you")));

  bob->write("/quit\n");
  EXPECT_EQ(bob->end(), 0);
  EXPECT_TRUE(master->says("* bob left")) << master->text();
  master->write("goodbye\n");
  master->close_input();
  EXPECT_EQ(master->end(), 0) << master->text();
  EXPECT_TRUE(alice->says("master: goodbye\n")) << alice->text();
  EXPECT_TRUE(alice->says("* the master left\n")) << alice->text();
}

TEST_F(ChatTest, WhatCameThroughAPipeIsDeliveredBeforeTheEnd) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"chat", "cam", "--master", "--create"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();
  std::string lines;
  for (int i = 1; i <= 500; ++i) lines += "line " + std::to_string(i) + "\n";
  const auto viewer = run({"chat", "cam", "--viewer", "--name", "pipe"});

  viewer->write(lines);
  viewer->close_input();

  EXPECT_EQ(viewer->end(), 0) << viewer->text();
  ASSERT_TRUE(master->says("* pipe left")) << master->text();
  const std::string& text = master->text();
  std::size_t at = 0;
  for (int i = 1; i <= 500; ++i) {
    at = text.find("pipe: line " + std::to_string(i) + "\n", at);
    ASSERT_NE(at, std::string::npos) << "line " << i;
  }
}

TEST_F(ChatTest, WhatAViewerIsToldBeforeItIsConnectedWaits) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"master", "cam", "--create", "--chat", "--json", "--size", "320x180", "--fps", "15"});
  ASSERT_TRUE(master->says(R"("event":"open")")) << master->text();
  const auto viewer = run({"viewer", "cam", "--chat", "--headless"});

  viewer->write("first of all\n");

  EXPECT_TRUE(master->says("first of all")) << master->text() << viewer->text();
  viewer->write("/quit\n");
  viewer->close_input();
  EXPECT_EQ(viewer->text().find("not sent"), std::string::npos) << viewer->text();
}

TEST_F(ChatTest, RoleIsSaidAndTheChannelIsThere) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto neither = result_of({"chat", "cam"});
  const auto both = result_of({"chat", "cam", "--master", "--viewer"});
  const auto nowhere = result_of({"chat", "cam", "--viewer"});
  const auto nameless = result_of({"chat", "cam", "--viewer", "--name", "a b"});

  EXPECT_EQ(neither.first, 2);
  EXPECT_EQ(both.first, 2);
  EXPECT_EQ(nowhere.first, 1);
  EXPECT_THAT(nowhere.second, HasSubstr("there is no channel cam"));
  EXPECT_EQ(nameless.first, 2);
}

}  // namespace
}  // namespace heliograph::test
