// `heliograph chat`: a master and its viewers, through pipes.
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <thread>

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

TEST_F(ChatTest, MegabytesThroughAPipeAreDeliveredToo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"chat", "cam", "--master", "--create"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();
  const auto viewer = run({"chat", "cam", "--viewer", "--name", "pipe"});
  constexpr int kLines = 800;
  const std::string filling(10'000, 'x');

  std::jthread writer([&]() {
    for (int i = 1; i <= kLines; ++i) viewer->write("line " + std::to_string(i) + " " + filling + "\n");
    viewer->close_input();
  });

  ASSERT_TRUE(master->says("* pipe left")) << master->text().size();
  EXPECT_EQ(viewer->end(), 0) << viewer->text();
  std::size_t at = 0;
  for (int i = 1; i <= kLines; ++i) {
    at = master->text().find("pipe: line " + std::to_string(i) + " xxx", at);
    ASSERT_NE(at, std::string::npos) << "line " << i;
  }
}

TEST_F(ChatTest, WhatCannotBeSentIsAFailure) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"chat", "cam", "--master", "--create"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();
  const auto viewer = run({"chat", "cam", "--viewer"});

  viewer->write(std::string(300'000, 'x') + "\nbye\n");
  viewer->close_input();

  EXPECT_EQ(viewer->end(), 1) << viewer->text();
  EXPECT_NE(viewer->text().find("not sent: "), std::string::npos) << viewer->text();
  EXPECT_TRUE(master->says(": bye")) << master->text();
}

TEST_F(ChatTest, SignalsEndItWhileItWaitsForTheService) {
  const int listener = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  socklen_t size = sizeof address;
  ASSERT_EQ(::bind(listener, reinterpret_cast<const sockaddr*>(&address), size), 0);
  ASSERT_EQ(::listen(listener, 8), 0);
  ::getsockname(listener, reinterpret_cast<sockaddr*>(&address), &size);
  const std::string silent = "http://127.0.0.1:" + std::to_string(ntohs(address.sin_port));
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) {
    Program waiting({"/usr/bin/env", "AWS_ACCESS_KEY_ID=a", "AWS_SECRET_ACCESS_KEY=b", "AWS_REGION=eu-west-1",
                     command_program(), "chat", "cam", "--viewer", "--endpoint", silent});
    pollfd called{listener, POLLIN, 0};
    ASSERT_EQ(::poll(&called, 1, 60'000), 1) << waiting.text();
    const int connection = ::accept(listener, nullptr, nullptr);

    waiting.signal(number);

    const auto start = std::chrono::steady_clock::now();
    EXPECT_EQ(waiting.end(), 128 + number) << waiting.text();
    EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(15));
    ::close(connection);
  }
  ::close(listener);
}

TEST_F(ChatTest, LinesPassOneToANameThatIsNotThereWhichFailsInTheEnd) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  const auto master = run({"chat", "cam", "--master", "--create"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();
  const auto bob = run({"chat", "cam", "--viewer", "--name", "bob"});
  ASSERT_TRUE(master->says("* bob joined\n")) << master->text();

  master->write("/to ghost are you there\n/to alice one\n/all hello everybody\n/to alice two\n");
  ASSERT_TRUE(bob->says("master: hello everybody\n")) << bob->text() << master->text();
  const auto alice = run({"chat", "cam", "--viewer", "--name", "alice"});
  ASSERT_TRUE(alice->says("master: one\nmaster: two\n")) << alice->text();
  master->close_input();

  EXPECT_EQ(master->end(), 1) << master->text();
  EXPECT_THAT(master->text(), HasSubstr("not sent, nobody came by the name ghost: are you there\n"));
  EXPECT_THAT(alice->text(), Not(HasSubstr("hello everybody")));
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
