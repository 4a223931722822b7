// `heliograph channel …`, `completion` and `doctor` against a real service.
#include "support/native_fixture.hpp"

namespace heliograph::test {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

using ChannelCommandsTest = NativeTest;

TEST_F(ChannelCommandsTest, ChannelLivesFromCreateToDelete) {
  ASSERT_NO_FATAL_FAILURE(start_service());

  const auto made = result_of({"channel", "create", "cam", "--ttl", "30", "--tag", "room=kitchen", "--tag", "floor=1"});
  const auto described = result_of({"channel", "describe", "cam"});
  const auto updated = result_of({"channel", "update", "cam", "--ttl", "45"});
  const auto as_json = result_of({"channel", "describe", "cam", "--json"});
  const auto tagged = result_of({"channel", "tag", "cam", "floor=2", "wing=a=b"});
  const auto untagged = result_of({"channel", "untag", "cam", "floor", "nothing", "--json"});
  const auto listed = result_of({"channel", "list"});
  const auto by_prefix = result_of({"channel", "list", "--prefix", "ca"});
  const auto deleted = result_of({"channel", "delete", "cam"});
  const auto gone = result_of({"channel", "describe", "cam"});

  EXPECT_EQ(made.first, 0) << made.second;
  EXPECT_THAT(made.second, ::testing::StartsWith("heliograph: heliographd at http"));
  EXPECT_THAT(made.second, HasSubstr("(" + data() + ")\narn:aws:kinesisvideo:"));
  EXPECT_THAT(described.second, HasSubstr("MESSAGE TTL  30 s"));
  EXPECT_THAT(described.second, HasSubstr("TAG room     kitchen"));
  EXPECT_THAT(updated.second, HasSubstr("cam keeps messages for 45 s; version "));
  EXPECT_THAT(as_json.second, HasSubstr(R"("MessageTtlSeconds":45)"));
  EXPECT_THAT(as_json.second, HasSubstr(R"("Tags":{"floor":"1","room":"kitchen"})"));
  EXPECT_THAT(tagged.second, HasSubstr("wing   a=b"));
  EXPECT_THAT(untagged.second, HasSubstr("\n{\"Tags\":{\"room\":\"kitchen\",\"wing\":\"a=b\"}}\n"));
  EXPECT_THAT(listed.second, HasSubstr("MASTERS"));
  EXPECT_THAT(by_prefix.second, HasSubstr("cam      SINGLE_MASTER  0        0        ACTIVE  45 s"));
  EXPECT_THAT(deleted.second, ::testing::EndsWith("\ncam is deleted\n"));
  EXPECT_EQ(gone.first, 1);
  EXPECT_THAT(gone.second, HasSubstr("there is no channel cam at http"));
  EXPECT_THAT(gone.second, HasSubstr("heliograph channel create cam"));
}

TEST_F(ChannelCommandsTest, MistakesAreTwoAndRefusalsAreOne) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_EQ(result_of({"channel", "create", "cam"}).first, 0);

  const auto twice = result_of({"channel", "create", "cam"});
  const auto bad_name = result_of({"channel", "create", "a cam"});
  const auto bad_ttl = result_of({"channel", "create", "dam", "--ttl", "4"});
  const auto bad_tag = result_of({"channel", "tag", "cam", "key"});
  const auto old_version = result_of({"channel", "delete", "cam", "--version", "nonsense"});

  EXPECT_EQ(twice.first, 1);
  EXPECT_THAT(twice.second, HasSubstr("ResourceInUseException"));
  EXPECT_EQ(bad_name.first, 2) << bad_name.second;
  EXPECT_EQ(bad_ttl.first, 2);
  EXPECT_EQ(bad_tag.first, 2);
  EXPECT_THAT(bad_tag.second, HasSubstr("write KEY=VALUE"));
  EXPECT_EQ(old_version.first, 1);
  EXPECT_THAT(old_version.second, HasSubstr("VersionMismatchException"));
}

TEST_F(ChannelCommandsTest, WithoutAServiceAndARegionItSaysWhatToSay) {
  for (const char* name : {"AWS_REGION", "AWS_DEFAULT_REGION", "AWS_PROFILE"}) ::unsetenv(name);
  ::setenv("AWS_CONFIG_FILE", "/nonexistent", 1);
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", "/nonexistent", 1);

  Program nowhere(
      {"/bin/sh", "-c", "cd \"$1\" && exec \"$2\" channel describe cam", "sh", dir.path().string(), command_program()});

  EXPECT_EQ(nowhere.end(), 2);
  EXPECT_THAT(nowhere.text(), HasSubstr("No heliographd runs with " + file(".heliograph")));
  EXPECT_THAT(nowhere.text(), HasSubstr("--region or set AWS_REGION"));
}

TEST_F(ChannelCommandsTest, RulesOfTheAwsSdksFindAServiceToo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  std::ifstream in(data() + "/credentials");
  ASSERT_TRUE(in);
  ::setenv("AWS_SHARED_CREDENTIALS_FILE", (data() + "/credentials").c_str(), 1);
  ::setenv("AWS_ENDPOINT_URL_KINESIS_VIDEO", ("http://" + address()).c_str(), 1);
  ::setenv("AWS_EC2_METADATA_DISABLED", "true", 1);

  const auto made = result_of({"channel", "create", "cam", "--aws", "--region", "us-east-1"});
  const auto examined = result_of({"doctor", "--aws", "--region", "us-east-1"});

  for (const char* name : {"AWS_SHARED_CREDENTIALS_FILE", "AWS_ENDPOINT_URL_KINESIS_VIDEO"}) ::unsetenv(name);
  EXPECT_EQ(made.first, 0) << made.second;
  EXPECT_EQ(examined.first, 0) << examined.second;
  EXPECT_THAT(examined.second, HasSubstr("by AWS_ENDPOINT_URL…) answers ListSignalingChannels"));
  EXPECT_THAT(examined.second, HasSubstr("this service passes it from a viewer to a master as it is"));
}

TEST_F(ChannelCommandsTest, DoctorSendsAPacketThroughEveryRelay) {
  ASSERT_NO_FATAL_FAILURE(start_service({"--turn", "auto", "--turn-port", "0", "--turn-tls-port", "0"}));

  const auto examined = result_of({"doctor"});

  EXPECT_EQ(examined.first, 0) << examined.second;
  const std::string& text = examined.second;
  for (const char* way : {"turn:127.0.0.1", "turns:127.0.0.1"}) {
    const auto line = text.find(std::string("ok    relay     ") + way);
    ASSERT_NE(line, std::string::npos) << way << '\n' << text;
    EXPECT_THAT(text.substr(line, text.find('\n', line) - line), HasSubstr("a packet each way arrived"));
  }
  EXPECT_THAT(text, HasSubstr("transport=udp is TLS over UDP (DTLS), which is not spoken here"));
  EXPECT_THAT(text, HasSubstr("Amazon's service takes 10000"));
  EXPECT_THAT(text, Not(HasSubstr("FAIL")));
}

TEST_F(ChannelCommandsTest, DoctorNamesTheKeyThatIsWrong) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ::setenv("AWS_ACCESS_KEY_ID", "AKIANOBODY", 1);
  ::setenv("AWS_SECRET_ACCESS_KEY", "nothing", 1);
  ::setenv("AWS_ENDPOINT_URL_KINESIS_VIDEO", ("http://" + address()).c_str(), 1);

  const auto examined = result_of({"doctor", "--aws", "--region", "us-east-1"});

  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_ENDPOINT_URL_KINESIS_VIDEO"})
    ::unsetenv(name);
  EXPECT_EQ(examined.first, 1);
  EXPECT_THAT(examined.second, HasSubstr("FAIL  signed"));
  EXPECT_THAT(examined.second, HasSubstr("does not know this key"));
}

TEST(CompletionTest, ShellsReadTheirScripts) {
  for (const char* shell : {"bash", "zsh", "fish"}) {
    SCOPED_TRACE(shell);
    Program program({command_program(), "completion", shell});
    EXPECT_EQ(program.end(), 0);
    EXPECT_THAT(program.text(), HasSubstr("relay-only"));
    EXPECT_THAT(program.text(), HasSubstr("untag"));
  }
  Program wrong({command_program(), "completion", "cmd"});
  EXPECT_EQ(wrong.end(), 2);
}

TEST(CompletionTest, BashCompletesBehindNamesAndFlags) {
  const auto words = [](const std::string& line) {
    Program bash({"/bin/bash", "-c",
                  "source <(" + command_program() + " completion bash); COMP_WORDS=(" + line +
                      "); COMP_CWORD=$((${#COMP_WORDS[@]}-1)); _heliograph; echo \"<${COMPREPLY[*]}>\""});
    static_cast<void>(bash.end());
    return bash.text();
  };

  EXPECT_EQ(words("heliograph chan"), "<channel>\n");
  EXPECT_EQ(words("heliograph channel unt"), "<untag>\n");
  EXPECT_EQ(words("heliograph viewer cam --sta"), "<--stats>\n");
  EXPECT_EQ(words("heliograph chat list --vie"), "<--viewer>\n");
}

}  // namespace
}  // namespace heliograph::test
