// Containers and instances: providers against an HTTP server that answers as theirs do, or does not.
#include <gmock/gmock.h>

#include <atomic>
#include <fstream>

#include "support/hook_receiver.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using std::chrono::hours;
using std::chrono::milliseconds;
using std::chrono::seconds;
using test::ask;
using test::ask_text;
using ::testing::HasSubstr;

net::HttpResponse json(std::string body, int status = 200) {
  return {status, {{"Content-Type", "application/json"}}, std::move(body)};
}

std::string key(const std::string& id, seconds life = hours(1)) {
  return "{\"Code\":\"Success\",\"AccessKeyId\":\"" + id +
         "\",\"SecretAccessKey\":\"s\",\"Token\":\"t\",\"Expiration\":\"" + test::iso_in(life) + "\"}";
}

class MetadataTest : public test::ProviderFixture {
 protected:
  void answer_with(net::HttpResponse response) {
    server.answer_with([response](const net::HttpRequest&, std::size_t) { return response; });
  }
  std::shared_ptr<CredentialProvider> container(int tries = 1) {
    ContainerCredentialsOptions options;
    options.loop = loop;
    options.url = server.url("/v2/creds").text();
    options.authorization = Secret("Basic abc");
    options.timeout = timeout;
    options.tries = tries;
    return container_credentials(options);
  }
  std::shared_ptr<CredentialProvider> instance() {
    InstanceCredentialsOptions options;
    options.loop = loop;
    options.endpoint = server.url("").text();
    options.timeout = timeout;
    options.tries = 1;
    return instance_credentials(options);
  }
  /// An instance's service whose credentials are of that life, numbered.
  void answer_as_instance(seconds life) {
    server.answer_with([this, life](const net::HttpRequest& request, std::size_t) -> std::optional<net::HttpResponse> {
      if (request.method == "PUT") {
        if (request.target != "/latest/api/token" || request.header("x-aws-ec2-metadata-token-ttl-seconds") != "21600")
          return net::HttpResponse{400, {}, {}};
        return net::HttpResponse{200, {}, "token=="};
      }
      if (request.header("x-aws-ec2-metadata-token") != "token==") return net::HttpResponse{401, {}, {}};
      if (request.target == "/latest/meta-data/iam/security-credentials/") return net::HttpResponse{200, {}, "camera"};
      if (request.target != "/latest/meta-data/iam/security-credentials/camera") return net::HttpResponse{404, {}, {}};
      return json(key("ASIA" + std::to_string(++given), life));
    });
  }

  milliseconds timeout{test::kPatienceMs};
  std::atomic<int> given{0};
  test::HookReceiver server;
};

TEST_F(MetadataTest, ContainerGetsItsCredentialsForItsToken) {
  answer_with(json(key("ASIA")));
  const auto provider = container();

  EXPECT_EQ(ask_text(*provider), "ASIA");
  EXPECT_EQ(ask_text(*provider), "ASIA");

  const auto requests = server.wait_for(1);
  EXPECT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests[0].method + " " + requests[0].target, "GET /v2/creds");
  EXPECT_EQ(requests[0].header("Authorization"), "Basic abc");
  EXPECT_EQ(requests[0].header("Accept"), "application/json");
}

TEST_F(MetadataTest, ContainerIsToldWhyItGetsNone) {
  answer_with(json(R"({"Code":"AccessDenied","Message":"the task has no role"})", 403));
  const auto result = ask(*container());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kAccessDenied);
  EXPECT_EQ(result.error().detail, "container: the endpoint answered 403: AccessDenied (the task has no role)");
}

TEST_F(MetadataTest, ContainerTriesAgainWhenTheEndpointIsInTrouble) {
  server.answer_with(
      [](const net::HttpRequest&, std::size_t number) { return number == 0 ? json("{}", 500) : json(key("ASIA")); });
  EXPECT_EQ(ask_text(*container(2)), "ASIA");
  EXPECT_EQ(server.count(), 2U);
}

TEST_F(MetadataTest, SilentEndpointIsGivenUp) {
  server.answer_with([](const net::HttpRequest&, std::size_t) { return std::nullopt; });
  timeout = milliseconds(200);
  const auto result = ask(*container());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kTimeout);
}

TEST_F(MetadataTest, AnswersThatAreNoneAreRefused) {
  for (const std::string& body :
       {std::string("<html/>"), std::string("{}"), std::string(),
        R"({"AccessKeyId":"A","SecretAccessKey":"s","Token":"t","Expiration":"soon"})" + std::string()}) {
    answer_with(json(body));
    const auto result = ask(*container());
    ASSERT_FALSE(result) << body;
    EXPECT_EQ(result.error().code, Errc::kCorrupt);
  }
  answer_with(json(key("ASIA", seconds(-60))));
  const auto result = ask(*container());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kExpiredToken);
}

TEST_F(MetadataTest, CredentialsAreRefreshedBeforeTheyEndWhileTheOldAreGiven) {
  // Of a life of 8 s the last 2 are for refreshing: the old are good for all of them.
  server.answer_with([](const net::HttpRequest&, std::size_t number) {
    return number == 0 ? json(key("old", seconds(8))) : json(key("new"));
  });
  const auto provider = container();
  EXPECT_EQ(ask_text(*provider), "old");

  std::string now;
  test::wait_until([&]() { return (now = ask_text(*provider)) != "old"; });

  EXPECT_EQ(now, "new");
  EXPECT_EQ(server.count(), 2U);
}

TEST_F(MetadataTest, ManyThreadsShareOneRequest) {
  answer_with(json(key("ASIA")));
  const auto provider = container();
  std::vector<std::future<std::string>> threads;
  for (int i = 0; i < 8; ++i)
    threads.push_back(std::async(std::launch::async, [&provider]() { return ask_text(*provider); }));
  for (auto& thread : threads) EXPECT_EQ(thread.get(), "ASIA");
  EXPECT_EQ(server.count(), 1U);
}

TEST_F(MetadataTest, InstanceGetsTheCredentialsOfItsRole) {
  answer_as_instance(hours(6));
  const auto provider = instance();

  EXPECT_EQ(ask_text(*provider), "ASIA1");
  EXPECT_EQ(ask_text(*provider), "ASIA1");
  provider->forget();
  EXPECT_EQ(ask_text(*provider), "ASIA2");
}

TEST_F(MetadataTest, InstanceWithTheOldServiceGoesOnWithoutAToken) {
  server.answer_with([](const net::HttpRequest& request, std::size_t) {
    if (request.method == "PUT") return net::HttpResponse{405, {}, {}};
    const bool list = request.target.ends_with('/');
    return list ? net::HttpResponse{200, {}, "camera\n"} : json(key("ASIA"));
  });
  EXPECT_EQ(ask_text(*instance()), "ASIA");
}

TEST_F(MetadataTest, InstanceWhoseTokenDoesNotArriveGoesOnWithoutOne) {
  server.answer_with([](const net::HttpRequest& request, std::size_t) -> std::optional<net::HttpResponse> {
    if (request.method == "PUT") return std::nullopt;
    return request.target.ends_with('/') ? net::HttpResponse{200, {}, "camera"} : json(key("ASIA"));
  });
  timeout = milliseconds(3000);
  EXPECT_EQ(ask_text(*instance()), "ASIA");
}

TEST_F(MetadataTest, InstanceIsToldWhyWithStatus200) {
  server.answer_with([](const net::HttpRequest& request, std::size_t) {
    if (request.method == "PUT") return net::HttpResponse{200, {}, "token"};
    return request.target.ends_with('/') ? net::HttpResponse{200, {}, "camera"}
                                         : json(R"({"Code":"Failed","Message":"no such role"})");
  });
  EXPECT_EQ(ask_text(*instance()), "error: EC2 instance: the metadata service: Failed: no such role");
}

TEST_F(MetadataTest, InstanceKeepsCredentialsThatHaveEnded) {
  answer_as_instance(seconds(-60));
  const auto provider = instance();

  EXPECT_EQ(ask_text(*provider), "ASIA1");
  server.down();
  EXPECT_EQ(ask_text(*provider), "ASIA1");
  EXPECT_THAT(log_text(), HasSubstr("stay in use"));
}

TEST_F(MetadataTest, InstanceWhereNobodyAnswersSaysWhere) {
  const std::string where = server.url("").text();
  server.down();
  const auto result = ask(*instance());
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kIo);
  EXPECT_THAT(result.error().detail, HasSubstr(where));
}

}  // namespace
}  // namespace heliograph
