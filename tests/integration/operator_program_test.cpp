// The operator's commands against a running service.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/app_fixture.hpp"
#include "support/command.hpp"

namespace heliograph::server {
namespace {

using test::wait_until;
using ::testing::HasSubstr;

class OperatorProgramTest : public test::AppFixture {
 protected:
  test::Ended run(const std::string& arguments) {
    return test::run_heliograph(arguments + " --data " + (dir.path() / "data").string());
  }
};

TEST_F(OperatorProgramTest, ListsKicksAndRevokes) {
  start();
  const std::string cam = create_channel("cam");
  auto master = join({.channel = cam});
  auto viewer = join({.channel = cam, .client = "alice"});
  wait_until([&]() { return app->hub_stats().viewers == 1; });

  const auto listed = run("connections --channel cam --role viewer");
  EXPECT_EQ(listed.code, 0);
  EXPECT_THAT(listed.output, HasSubstr("CONNECTION"));
  EXPECT_THAT(listed.output, HasSubstr("cam      VIEWER  alice"));
  EXPECT_THAT(listed.output, ::testing::Not(HasSubstr("MASTER")));
  EXPECT_THAT(run("connections --json").output, HasSubstr(R"("clientId":"alice")"));
  EXPECT_THAT(run("channel list").output, HasSubstr("cam      SINGLE_MASTER  1        1"));

  const auto kicked = run("kick --channel cam --client alice --reason 'house rules'");
  EXPECT_EQ(kicked.output, "{\"disconnected\":1}\n");
  EXPECT_EQ(viewer.read_close(), 4005);
  EXPECT_EQ(viewer.close_reason(), "house rules");
  EXPECT_EQ(run("kick --channel nobody").code, 1);
  EXPECT_THAT(run("kick").output, HasSubstr("say whom"));

  EXPECT_EQ(run("revoke AKIAGUEST").code, 0);
  EXPECT_THAT(run("revoke --list").output, HasSubstr("AKIAGUEST"));
  EXPECT_EQ(run("revoke AKIAGUEST --undo").code, 0);
  EXPECT_EQ(run("revoke --list").output, "{\"keys\":[]}\n");
}

TEST_F(OperatorProgramTest, FollowsEventsUntilTheServiceEnds) {
  start();
  const std::string cam = create_channel("cam");
  FILE* pipe = ::popen((test::command_program() + " events --data " + (dir.path() / "data").string()).c_str(), "r");
  ASSERT_NE(pipe, nullptr);
  wait_until([&]() { return get_signed("/metrics").body.find("\nheliograph_event_streams 1\n") != std::string::npos; });

  auto viewer = join({.channel = cam, .client = "alice"});
  char line[512] = "";
  ASSERT_NE(std::fgets(line, sizeof line, pipe), nullptr);
  EXPECT_THAT(line, HasSubstr("viewer.joined  cam  alice"));
  app->request_stop();

  std::string rest;
  while (std::fgets(line, sizeof line, pipe) != nullptr) rest += line;
  EXPECT_THAT(rest, HasSubstr("bye"));
  EXPECT_EQ(::pclose(pipe), 0);
}

TEST_F(OperatorProgramTest, SaysWhatIsMissing) {
  const auto nowhere = test::run_heliograph("connections --data /nonexistent");

  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.output, HasSubstr("cannot read /nonexistent/credentials"));
}

}  // namespace
}  // namespace heliograph::server
