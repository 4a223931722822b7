// `heliograph sign`: URLs for whatever service there is.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>

#include "support/app_fixture.hpp"
#include "support/command.hpp"
#include "support/hook_receiver.hpp"

namespace heliograph::server {
namespace {

using test::wait_until;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::StartsWith;

class SignProgramTest : public test::AppFixture {
 protected:
  /// Nothing of the machine's own counts.
  [[nodiscard]] std::string variables(const std::string& more = {}) const {
    return "env -u AWS_ACCESS_KEY_ID -u AWS_PROFILE -u HELIOGRAPH_DATA AWS_EC2_METADATA_DISABLED=true "
           "AWS_CONFIG_FILE=/nonexistent AWS_SHARED_CREDENTIALS_FILE=/nonexistent " +
           more + " ";
  }
  [[nodiscard]] std::string data() const { return (dir.path() / "data").string(); }
  /// Joins by it.
  test::WsClient join_by(const std::string& url) {
    return test::WsClient(test::BlockingClient(port), url.substr(url.find('/', 5 + url.find("://") - 2)), host);
  }
};

TEST_F(SignProgramTest, UrlsOfAServiceThatTheAwsSdksFindLetIn) {
  start();
  create_channel("cam");
  const std::string where =
      variables("AWS_ENDPOINT_URL=http://" + host + " AWS_SHARED_CREDENTIALS_FILE=" + data() + "/credentials");
  const std::string command = "sign --aws --region us-east-1 --channel cam ";

  const auto viewer = test::run_heliograph(command + "--client-id ann --quiet", where);
  const auto master = test::run_heliograph(command + "--role master", where, "/dev/null");
  const auto said = test::run_heliograph(command, where);

  ASSERT_EQ(viewer.code, 0) << viewer.output;
  ASSERT_EQ(master.code, 0) << master.output;
  EXPECT_THAT(viewer.output, StartsWith("ws://" + host + "/?"));
  EXPECT_THAT(viewer.output, HasSubstr("X-Amz-ClientId=ann"));
  EXPECT_THAT(master.output, Not(HasSubstr("X-Amz-ClientId")));
  EXPECT_THAT(said.output, HasSubstr("by AWS_ENDPOINT_URL…)"));
  EXPECT_THAT(said.output, HasSubstr("Signed by " + key.access_key_id));
  auto first = join_by(master.output.substr(0, master.output.find('\n')));
  auto second = join_by(viewer.output.substr(0, viewer.output.find('\n')));
  wait_until([&]() { return app->hub_stats().viewers == 1 && app->hub_stats().masters == 1; });
}

TEST_F(SignProgramTest, UrlIsOfTheEndpointThatTheServiceNames) {
  test::HookReceiver amazon;
  amazon.answer_with([](const net::HttpRequest& request, std::size_t) -> std::optional<net::HttpResponse> {
    if (request.target == "/describeSignalingChannel")
      return net::HttpResponse{
          200, {}, R"({"ChannelInfo":{"ChannelARN":"arn:aws:kinesisvideo:eu-west-1:1:channel/cam/1",
          "ChannelName":"cam","ChannelStatus":"ACTIVE","ChannelType":"SINGLE_MASTER","CreationTime":1,"Version":"v",
          "SingleMasterConfiguration":{"MessageTtlSeconds":60}}})"};
    if (request.target == "/getSignalingChannelEndpoint")
      return net::HttpResponse{
          200, {}, R"({"ResourceEndpointList":[{"Protocol":"WSS","ResourceEndpoint":"wss://v-12.example.com"}]})"};
    return net::HttpResponse{403, {{"x-amzn-ErrorType", "AccessDeniedException"}}, R"({"Message":"no"})"};
  });
  const std::string endpoint = "http://localhost:" + std::to_string(amazon.url().port);
  const std::string where =
      variables("AWS_ENDPOINT_URL=" + endpoint + " AWS_ACCESS_KEY_ID=AKIAX AWS_SECRET_ACCESS_KEY=s");

  const auto viewer =
      test::run_heliograph("sign --aws --region eu-west-1 --channel cam --client-id ann --expires 60 --quiet", where);
  const auto by_endpoint = test::run_heliograph(
      "sign --region eu-west-1 --channel cam --client-id ann --expires 60 --quiet --endpoint " + endpoint, where);

  for (const auto& signed_url : {viewer, by_endpoint}) {
    EXPECT_EQ(signed_url.code, 0);
    EXPECT_THAT(signed_url.output, StartsWith("wss://v-12.example.com/?"));
    EXPECT_THAT(signed_url.output,
                HasSubstr("X-Amz-ChannelARN=arn%3Aaws%3Akinesisvideo%3Aeu-west-1%3A1%3Achannel%2Fcam%2F1"));
    EXPECT_THAT(signed_url.output, HasSubstr("X-Amz-Credential=AKIAX%2F"));
    EXPECT_THAT(signed_url.output, HasSubstr("X-Amz-Expires=60"));
  }
}

TEST_F(SignProgramTest, WithoutAKeyTheServiceSignsOnLoopback) {
  start();
  create_channel("cam");

  const auto done = test::run_heliograph("sign --channel cam --client-id ann --endpoint http://" + host, variables());
  const auto nowhere = test::run_heliograph("sign --channel dam --endpoint http://" + host, variables());

  EXPECT_EQ(done.code, 0);
  EXPECT_THAT(done.output, HasSubstr("Signed by the service; whoever has it may join as a viewer for 299 s."));
  const auto url = done.output.find("ws://");
  ASSERT_NE(url, std::string::npos) << done.output;
  auto viewer = join_by(done.output.substr(url, done.output.find('\n', url) - url));
  wait_until([&]() { return app->hub_stats().viewers == 1; });
  EXPECT_EQ(nowhere.code, 1);
  EXPECT_THAT(nowhere.output, HasSubstr("ResourceNotFoundException"));
}

TEST_F(SignProgramTest, DataDirectoryGivesEndpointAndKeyAndPlainMeansWs) {
  config.listen.front().address = "127.0.0.1";
  start();
  create_channel("cam");

  const auto by_tls = test::run_heliograph("sign --channel cam --quiet --data " + data(), variables());
  const auto plain = test::run_heliograph("sign --channel cam --quiet --plain --data " + data(), variables());
  const auto nobody = test::run_heliograph("sign --channel dam --quiet --data " + data(), variables());

  EXPECT_THAT(by_tls.output, StartsWith("wss://localhost:")) << by_tls.output;
  EXPECT_THAT(plain.output, StartsWith("ws://localhost:")) << plain.output;
  EXPECT_EQ(nobody.code, 1);
  EXPECT_THAT(nobody.output, HasSubstr("make it with: heliograph channel create dam"));
}

}  // namespace
}  // namespace heliograph::server
