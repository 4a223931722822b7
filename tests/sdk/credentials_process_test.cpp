// credential_process: real programs that print credentials, or something else, or nothing.
#include <gmock/gmock.h>
#include <signal.h>

#include <fstream>

#include "support/net_fixture.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::milliseconds;
using test::ask;
using test::ask_text;
using ::testing::HasSubstr;
using ::testing::Not;

/// Whether it is there and not just waiting to be buried.
bool is_running(pid_t pid) {
  std::ifstream file("/proc/" + std::to_string(pid) + "/stat");
  const std::string text(std::istreambuf_iterator<char>(file), {});
  const auto name_end = text.rfind(')');
  return name_end != std::string::npos && text.size() > name_end + 2 && text[name_end + 2] != 'Z';
}

class CredentialProcessTest : public test::ProviderFixture {
 protected:
  /// A program with this text as its script.
  std::string program(const std::string& script) {
    const std::string path = (dir.path() / "program").string();
    std::ofstream(path) << "#!/bin/sh\n" << script << "\n";
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    return path;
  }
  std::shared_ptr<CredentialProvider> provider(const std::string& command,
                                               milliseconds timeout = milliseconds(test::kPatienceMs)) {
    ProcessCredentialsOptions options;
    options.loop = loop;
    options.command = command;
    options.timeout = timeout;
    return process_credentials(options);
  }
  std::string text(const std::string& name) const {
    std::ifstream file(dir.path() / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  /// Waits for a script to have written its process id there.
  pid_t pid_in(const std::string& name) const {
    test::wait_until([&]() { return text(name).ends_with('\n'); });
    return static_cast<pid_t>(std::stol(text(name)));
  }

  test::TempDir dir;
};

TEST_F(CredentialProcessTest, PrintedCredentialsAreKeptUntilTheirEnd) {
  const auto temporary = provider(program("echo run >> " + (dir.path() / "runs").string() +
                                          R"(; echo '{"Version": 1, "AccessKeyId": "ASIA", "SecretAccessKey": "s",)"
                                          R"( "SessionToken": "t", "Expiration": ")" +
                                          test::iso_in(std::chrono::hours(1)) + R"("}')"));
  const auto first = ask(*temporary);
  ASSERT_TRUE(first) << first.error().detail;
  EXPECT_EQ(first->session_token.reveal(), "t");
  EXPECT_TRUE(first->expires);
  EXPECT_EQ(ask_text(*temporary), "ASIA");
  EXPECT_EQ(text("runs"), "run\n");

  temporary->forget();
  EXPECT_EQ(ask_text(*temporary), "ASIA");
  EXPECT_EQ(text("runs"), "run\nrun\n");
}

TEST_F(CredentialProcessTest, ProgramMayTakeForEver) {
  const auto patient =
      provider(program(R"(echo '{"Version": 1, "AccessKeyId": "AKIA", "SecretAccessKey": "s"}')"), milliseconds::max());
  EXPECT_EQ(ask_text(*patient), "AKIA");
}

TEST_F(CredentialProcessTest, ArgumentsAreWordsAndNoShellReadsThem) {
  const std::string path = program(R"(printf '%s\n' "$@" > )" + (dir.path() / "arguments").string() +
                                   R"(; cat; echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"}')");

  EXPECT_EQ(
      ask_text(*provider(path + " \"two words\" '$HOME' a\\ b ; touch " + (dir.path() / "injected").string() + " | x")),
      "AKIA");

  EXPECT_EQ(text("arguments"), "two words\n$HOME\na b\n;\ntouch\n" + (dir.path() / "injected").string() + "\n|\nx\n");
  EXPECT_FALSE(std::filesystem::exists(dir.path() / "injected"));
}

TEST_F(CredentialProcessTest, ProgramThatFailsIsQuotedWithoutWhatLooksLikeAKey) {
  const auto result = ask(*provider(program(
      "echo 'please log in; was wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY' >&2; echo '{\"Version\":1}'; exit 7")));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kAccessDenied);
  EXPECT_EQ(result.error().detail, "credential_process: it ended with exit code 7: please log in; was [removed]");
}

TEST_F(CredentialProcessTest, ProgramThatIsKilledIsAFailure) {
  EXPECT_THAT(ask_text(*provider(program("kill -TERM $$"))), HasSubstr("ended by signal 15"));
}

TEST_F(CredentialProcessTest, OtherOutputIsRefusedAndNotQuoted) {
  for (const char* output : {"hush", "{\"Version\":1,\"SecretAccessKey\":\"hush\"}", ""}) {
    const auto result = ask(*provider(program("echo '" + std::string(output) + "'")));
    ASSERT_FALSE(result) << output;
    EXPECT_EQ(result.error().code, Errc::kCorrupt);
    EXPECT_THAT(result.error().detail, Not(HasSubstr("hush")));
  }
}

TEST_F(CredentialProcessTest, EndlessOutputIsCutAndTheProgramEnded) {
  const auto result = ask(
      *provider(program("echo $$ > " + (dir.path() / "pid").string() + "; while :; do echo 0123456789abcdef; done")));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kIo);
  EXPECT_THAT(result.error().detail, HasSubstr("printed more than 65536 bytes"));
  EXPECT_FALSE(is_running(pid_in("pid")));
}

TEST_F(CredentialProcessTest, SlowProgramIsEndedWithItsChildren) {
  const auto result = ask(*provider(program("sleep 1000 & echo $! > " + (dir.path() / "child").string() +
                                            "; echo $$ > " + (dir.path() / "pid").string() + "; wait"),
                                    milliseconds(3000)));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kTimeout);
  EXPECT_THAT(result.error().detail, HasSubstr("3000 ms"));
  for (const char* name : {"pid", "child"}) test::wait_until([this, name]() { return !is_running(pid_in(name)); });
}

TEST_F(CredentialProcessTest, ProgramThatSaysNothingMoreButDoesNotEndIsEnded) {
  const auto result = ask(*provider(program("exec >&- 2>&-; exec sleep 1000"), milliseconds(300)));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kTimeout);
}

TEST_F(CredentialProcessTest, AgentThatIsLeftBehindHoldsNobodyUp) {
  EXPECT_EQ(ask_text(*provider(program("sleep 1000 & echo $! > " + (dir.path() / "agent").string() +
                                       R"(; echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"}')"))),
            "AKIA");

  EXPECT_TRUE(is_running(pid_in("agent")));
  ::kill(pid_in("agent"), SIGKILL);
}

TEST_F(CredentialProcessTest, ProgramWhoseProviderGoesIsEnded) {
  auto waiting = provider(program("echo $$ > " + (dir.path() / "pid").string() + "; exec sleep 1000"));
  auto answer = test::begin(*waiting);
  const pid_t pid = pid_in("pid");
  EXPECT_TRUE(is_running(pid));

  waiting.reset();
  const auto result = test::end(std::move(answer));

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kClosed);
  test::wait_until([pid]() { return !is_running(pid); });
}

TEST_F(CredentialProcessTest, ProgramThatIsNotThereIsSaidSo) {
  EXPECT_THAT(ask_text(*provider((dir.path() / "nowhere").string())), HasSubstr("cannot start it"));
  EXPECT_THAT(ask_text(*provider("  ")), HasSubstr("names no program"));
  EXPECT_THAT(ask_text(*provider("run \"a")), HasSubstr("quote"));
}

TEST_F(CredentialProcessTest, ProfileMayNameAProgram) {
  std::ofstream(dir.path() / "config")
      << "[profile cam]\ncredential_process = " +
             program(R"(echo '{"Version":1,"AccessKeyId":"AKIA","SecretAccessKey":"s"}')") + "\n";
  ProfileCredentialsOptions options;
  options.loop = loop;
  options.profile = "cam";
  options.config_file = (dir.path() / "config").string();
  options.credentials_file = (dir.path() / "none").string();

  EXPECT_EQ(ask_text(*profile_credentials(options)), "AKIA");
}

}  // namespace
}  // namespace heliograph
