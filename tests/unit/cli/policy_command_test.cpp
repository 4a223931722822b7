// `heliograph policy check`: the answer, the reason, and what is wrong with the question.
#include "cli/policy_command.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <functional>

#include "support/temp_dir.hpp"

namespace heliograph::cli {
namespace {

using ::testing::HasSubstr;

const WallTime kNow{std::chrono::seconds(1'777'593'600)};  // 2026-05-01
constexpr const char* kDoor = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/door/1712136149494";

class PolicyCommandTest : public ::testing::Test {
 protected:
  std::filesystem::path write(const char* name, const std::string& text) const {
    std::ofstream(dir.path() / name) << text;
    return dir.path() / name;
  }

  test::TempDir dir;
  PolicyQuestion question{.policies = {write("watch.json", R"({"Version": "2012-10-17", "Statement": {
                             "Sid": "Watch", "Effect": "Allow", "Action": "kinesisvideo:ConnectAsViewer",
                             "Resource": "arn:aws:kinesisvideo:*:*:channel/door/*",
                             "Condition": {"DateLessThan": {"aws:CurrentTime": "2026-06-01"}}}})")},
                          .session_policies = {},
                          .action = "kinesisvideo:ConnectAsViewer",
                          .resource = kDoor,
                          .context = {}};
};

TEST_F(PolicyCommandTest, NamesTheStatementThatAllows) {
  const auto answer = check_policy(question, kNow);

  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(answer->allowed);
  EXPECT_EQ(answer->text, "allowed by Statement[0] (\"Watch\") of watch.json");
}

TEST_F(PolicyCommandTest, TheTimeIsNowUnlessTheContextSaysOtherwise) {
  EXPECT_FALSE(check_policy(question, kNow + std::chrono::days(40))->allowed);

  question.context = {"aws:CurrentTime=2026-07-01T00:00:00Z"};
  const auto answer = check_policy(question, kNow);

  EXPECT_FALSE(answer->allowed);
  EXPECT_THAT(answer->text, HasSubstr("its condition DateLessThan aws:CurrentTime does not hold"));
}

TEST_F(PolicyCommandTest, ActionThatThereIsNotIsWarnedOf) {
  question.policies.push_back(write("odd.json", R"({"Statement": {"Effect": "Allow", "Resource": "*",
      "Action": ["kinesisvideo:ConnectAsMster", "kinesisvideo:Get*"]}})"));

  const auto answer = check_policy(question, kNow);

  ASSERT_TRUE(answer) << answer.error().detail;
  EXPECT_TRUE(answer->allowed);
  ASSERT_EQ(answer->warnings.size(), 1U);
  EXPECT_THAT(answer->warnings[0], HasSubstr("odd.json: there is no action kinesisvideo:ConnectAsMster"));
}

TEST_F(PolicyCommandTest, SeveralPoliciesAreTheOnesOfOnePrincipal) {
  question.policies.push_back(write("guard.json", R"({"Statement": {"Effect": "Deny", "Action": "*", "Resource": "*",
      "Condition": {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}}})"));
  question.context = {"aws:SourceIp=192.0.2.1"};
  EXPECT_EQ(check_policy(question, kNow)->text, "denied by Statement[0] of guard.json");

  question.context = {"aws:SourceIp=203.0.113.9"};
  EXPECT_TRUE(check_policy(question, kNow)->allowed);
}

TEST_F(PolicyCommandTest, SessionPoliciesLimitWhatTheOthersAllow) {
  question.session_policies = {
      write("session.json", R"({"Statement": {"Effect": "Allow", "Action": "kinesisvideo:Get*", "Resource": "*"}})")};

  const auto answer = check_policy(question, kNow);

  EXPECT_FALSE(answer->allowed);
  EXPECT_THAT(answer->text,
              HasSubstr("no statement of a session policy allows it; the nearest is Statement[0] of session.json"));
}

TEST_F(PolicyCommandTest, BadInputIsNamed) {
  struct Case {
    const char* name;
    std::function<void(PolicyQuestion&)> spoil;
    const char* said;
  };
  const Case cases[] = {
      {"no file", [this](auto& q) { q.policies = {dir.path() / "none.json"}; }, "cannot read "},
      {"directory", [this](auto& q) { q.policies = {dir.path()}; }, ": it is a directory"},
      {"directory for a session policy", [this](auto& q) { q.session_policies = {dir.path()}; }, ": it is a directory"},
      {"no policy", [this](auto& q) { q.policies = {write("bad.json", "{}")}; },
       "bad.json: the policy: Statement is required"},
      {"bad session policy", [this](auto& q) { q.session_policies = {write("bad.json", "[]")}; }, "bad.json: "},
      {"no action", [](auto& q) { q.action = "ConnectAsViewer"; }, "--action must be one action"},
      {"many actions", [](auto& q) { q.action = "kinesisvideo:*"; }, "--action must be one action"},
      {"no ARN", [](auto& q) { q.resource = "door"; }, "--resource must be an ARN"},
      {"context without a value", [](auto& q) { q.context = {"aws:SourceIp"}; },
       "--context aws:SourceIp: expected key=value"},
      {"unknown key", [](auto& q) { q.context = {"aws:Moon=full"}; },
       "--context aws:Moon=full: \"aws:Moon\" is not a condition key"},
      {"bad value", [](auto& q) { q.context = {"aws:SourceIp=home"}; }, "is not an IP address"},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    PolicyQuestion spoilt = question;
    c.spoil(spoilt);

    const auto answer = check_policy(spoilt, kNow);

    ASSERT_FALSE(answer);
    EXPECT_THAT(answer.error().detail, HasSubstr(c.said));
  }
}

}  // namespace
}  // namespace heliograph::cli
