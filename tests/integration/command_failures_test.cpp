// The heliograph program when things go wrong: what it says, and with what it ends.
#include <arpa/inet.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>

#include "support/app_fixture.hpp"
#include "support/command.hpp"
#include "support/hook_receiver.hpp"

namespace heliograph::server {
namespace {

using ::testing::HasSubstr;
using ::testing::Not;

/// A port of loopback at which nobody listens, as long as the object lives.
class DeafPort {
 public:
  DeafPort() {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    EXPECT_EQ(::bind(socket_, reinterpret_cast<sockaddr*>(&address), size), 0);
    EXPECT_EQ(::getsockname(socket_, reinterpret_cast<sockaddr*>(&address), &size), 0);
    number_ = ntohs(address.sin_port);
  }
  DeafPort(const DeafPort&) = delete;
  DeafPort& operator=(const DeafPort&) = delete;
  ~DeafPort() { ::close(socket_); }

  [[nodiscard]] std::string url() const { return "http://127.0.0.1:" + std::to_string(number_); }

 private:
  int socket_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  int number_ = 0;
};

class CommandFailuresTest : public ::testing::Test {
 protected:
  /// With a key and a region, so that Amazon's service would be asked if nothing else were found.
  static constexpr const char* kVariables =
      "env -u HELIOGRAPH_DATA -u AWS_PROFILE AWS_CONFIG_FILE=/nonexistent AWS_SHARED_CREDENTIALS_FILE=/nonexistent "
      "AWS_EC2_METADATA_DISABLED=true AWS_REGION=eu-west-1 AWS_ACCESS_KEY_ID=AKIAX AWS_SECRET_ACCESS_KEY=s ";
  /// Amazon's endpoint is taken for this one, which tells.
  [[nodiscard]] std::string variables(const std::string& more = {}) const {
    return kVariables + ("AWS_ENDPOINT_URL=" + nobody.url() + " ") + more;
  }
  [[nodiscard]] std::string file(const std::string& name) const { return (dir.path() / name).string(); }

  test::TempDir dir;
  DeafPort nobody;
};

TEST_F(CommandFailuresTest, MistakesAreTwoAndServicesOutOfReachAreOneWhateverIsAsked) {
  for (const char* command : {"health", "connections", "kick --role viewer", "events", "revoke AKIAX", "revoke --list",
                              "user list", "user add ann", "role list", "relay revoke --channel cam", "channel list",
                              "channel create cam", "channel describe cam", "channel delete cam", "channel tag cam",
                              "sign --channel cam", "doctor", "doctor signature", "doctor signature 1b4e28ba"}) {
    SCOPED_TRACE(command);
    const auto garbage = test::run_heliograph(command + std::string(" --endpoint garbage"), variables());
    const auto refused = test::run_heliograph(command + (" --endpoint " + nobody.url()), variables());

    EXPECT_EQ(garbage.code, 2);
    EXPECT_THAT(garbage.output, HasSubstr("'garbage' is no endpoint"));
    EXPECT_EQ(refused.code, 1);
    EXPECT_THAT(refused.output, HasSubstr("onnect"));  // "cannot connect to …", "Connection refused"
  }
}

TEST_F(CommandFailuresTest, FilesThatAreNamedAndCannotBeReadAreMistakes) {
  for (const char* command : {"policy check --action a:b --resource '*' --policy", "doctor signature --request"}) {
    const auto ended = test::run_heliograph(command + std::string(" /nonexistent"), variables());
    EXPECT_EQ(ended.code, 2) << command;
    EXPECT_THAT(ended.output, HasSubstr("heliograph: cannot read /nonexistent: No such file or directory"));
  }
}

TEST_F(CommandFailuresTest, DataDirectoryThatIsNamedIsThatOrNothing) {
  const std::string data = file("data");
  for (const char* command : {"channel list", "channel create cam", "sign --channel cam", "doctor"}) {
    SCOPED_TRACE(command);
    const auto by_flag = test::run_heliograph(command + (" --data " + data), variables());
    const auto by_variable = test::run_heliograph(command, variables("HELIOGRAPH_DATA=" + data + " "));
    const auto by_rule = test::run_heliograph(command + (" --aws --data " + data), variables());
    const auto by_default = test::run_heliograph(command, "cd " + dir.path().string() + " && " + variables());

    for (const auto& ended : {by_flag, by_variable}) {
      EXPECT_EQ(ended.code, 1);
      EXPECT_THAT(ended.output, HasSubstr("no heliographd runs with " + data));
      EXPECT_THAT(ended.output, HasSubstr("start heliographd"));
      EXPECT_THAT(ended.output, HasSubstr("--aws"));
      EXPECT_THAT(ended.output, Not(HasSubstr(nobody.url())));
    }
    for (const auto& ended : {by_rule, by_default}) EXPECT_THAT(ended.output, HasSubstr(nobody.url())) << ended.output;
  }
}

TEST_F(CommandFailuresTest, DataDirectoryThatCannotBeReadDoesNotSendAnybodyToAmazon) {
  std::filesystem::create_directories(file(".heliograph/runtime.json"));
  std::filesystem::create_directories(file("other"));
  std::filesystem::create_symlink("runtime.json", file("other/runtime.json"));  // Leads to itself.
  const std::string there = "cd " + dir.path().string() + " && " + variables();

  const auto directory = test::run_heliograph("channel list", there);
  const auto loop = test::run_heliograph("channel list --data other", there);
  const auto health = test::run_heliograph("health --data other", there);

  EXPECT_THAT(directory.output, HasSubstr("runtime.json: it is a directory"));
  EXPECT_THAT(loop.output, HasSubstr("other/runtime.json: Too many levels of symbolic links"));
  EXPECT_THAT(health.output, HasSubstr("other/runtime.json: Too many levels of symbolic links"));
  for (const auto& ended : {directory, loop, health}) EXPECT_EQ(ended.code, 1);
}

TEST_F(CommandFailuresTest, TrustSaysWhyTheAuthorityCannotBeLookedAt) {
  std::filesystem::create_symlink("loop", file("loop"));

  const auto missing = test::run_heliograph("doctor trust --data " + file("none"));
  const auto loop = test::run_heliograph("doctor trust --data " + file("loop"));

  EXPECT_EQ(missing.code, 1);
  EXPECT_THAT(missing.output, HasSubstr("start heliographd with this data directory first"));
  EXPECT_EQ(loop.code, 1);
  EXPECT_THAT(loop.output, HasSubstr("heliograph: cannot look at " + file("loop/tls/ca.pem") + ": Too many levels"));
}

TEST_F(CommandFailuresTest, TrustOfSomebodyElsesDirectorySaysWhoMayLook) {
  std::filesystem::create_directories(file("data"));
  std::filesystem::permissions(file("data"), std::filesystem::perms(0));
  // Root reads everything, unless that right is taken from it.
  const std::string like_others = ::geteuid() == 0 ? "setpriv --bounding-set=-dac_override,-dac_read_search " : "";

  const auto denied = test::run_heliograph("doctor trust --data " + file("data"), like_others);

  std::filesystem::permissions(file("data"), std::filesystem::perms(0700));  // For who tidies up.
  EXPECT_EQ(denied.code, 1);
  EXPECT_THAT(denied.output, HasSubstr("Permission denied; run this as root (sudo), or as the user of the service"));
}

TEST_F(CommandFailuresTest, WhatNobodyThoughtOfIsToldToo) {
  const auto ended = test::run_heliograph(
      "health", "mkdir " + file("gone") + " && cd " + file("gone") + " && rmdir " + file("gone") + " && ");

  EXPECT_EQ(ended.code, 1);
  EXPECT_THAT(ended.output, ::testing::StartsWith("heliograph: "));
  EXPECT_THAT(ended.output, HasSubstr("No such file or directory"));
}

TEST_F(CommandFailuresTest, DoctorOfAnotherServiceAsksItWhatTheSdkCan) {
  test::HookReceiver amazon;
  amazon.answer_with([](const net::HttpRequest& request, std::size_t) -> std::optional<net::HttpResponse> {
    if (request.target == "/listSignalingChannels") return net::HttpResponse{200, {}, R"({"ChannelInfoList":[]})"};
    return net::HttpResponse{403, {{"x-amzn-ErrorType", "AccessDeniedException"}}, R"({"Message":"not \u001b[2Jyou"})"};
  });
  std::ofstream(file("credentials")) << "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n";
  const std::string endpoint = "http://localhost:" + std::to_string(amazon.url().port);

  const auto examined = test::run_heliograph("doctor --endpoint " + endpoint,
                                             variables("AWS_SHARED_CREDENTIALS_FILE=" + file("credentials") +
                                                       " env -u AWS_ACCESS_KEY_ID -u AWS_SECRET_ACCESS_KEY "));

  EXPECT_EQ(examined.code, 1);
  EXPECT_THAT(examined.output, Not(HasSubstr("readyz")));
  EXPECT_THAT(examined.output, HasSubstr("ok    signed    " + endpoint +
                                         " (region eu-west-1) answers ListSignalingChannels for key AKIAPROFILE"));
  EXPECT_THAT(examined.output, HasSubstr("ok    clock"));
  EXPECT_THAT(examined.output, HasSubstr("FAIL  channel   403 AccessDeniedException: not "));
  EXPECT_THAT(examined.output, Not(HasSubstr("\033")));
  EXPECT_THAT(examined.output, HasSubstr("its policy has to allow"));
}

}  // namespace
}  // namespace heliograph::server
