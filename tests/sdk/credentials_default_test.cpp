// The default chain, what all providers promise about threads and lifetimes, and the region.
#include <gmock/gmock.h>

#include <fstream>

#include "support/hook_receiver.hpp"
#include "support/provider_fixture.hpp"

namespace heliograph {
namespace {

using test::ask;
using test::ask_text;
using test::ScopedVariable;
using ::testing::HasSubstr;

constexpr const char* kContainerKey =
    R"({"AccessKeyId":"ASIACONTAINER","SecretAccessKey":"s","Token":"t","Expiration":"2099-01-01T00:00:00Z"})";

/// Nothing is set up: neither here nor by whoever runs the tests.
class DefaultCredentialsTest : public test::ProviderFixture {
 protected:
  DefaultCredentialsTest() {
    for (const char* name :
         {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_REGION",
          "AWS_DEFAULT_REGION", "AWS_WEB_IDENTITY_TOKEN_FILE", "AWS_ROLE_ARN", "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
          "AWS_CONTAINER_CREDENTIALS_FULL_URI", "AWS_CONTAINER_AUTHORIZATION_TOKEN"})
      set(name, "");
    set("AWS_EC2_METADATA_DISABLED", "true");
    set("AWS_CONFIG_FILE", (dir.path() / "config").string());
    set("AWS_SHARED_CREDENTIALS_FILE", (dir.path() / "credentials").string());
  }
  void set(const char* name, const std::string& value) {
    variables.push_back(std::make_unique<ScopedVariable>(name, value));
  }
  void file(const std::string& name, const std::string& text) { std::ofstream(dir.path() / name) << text; }
  std::shared_ptr<CredentialProvider> chain(const std::string& profile = {}) {
    DefaultCredentialsOptions options;
    options.loop = loop;
    options.profile = profile;
    return default_credentials(options);
  }
  /// A container whose endpoint never answers.
  std::shared_ptr<CredentialProvider> stuck(const std::shared_ptr<EventLoop>& on) {
    server.answer_with([](const net::HttpRequest&, std::size_t) { return std::nullopt; });
    ContainerCredentialsOptions options;
    options.loop = on;
    options.url = server.url("/").text();
    options.timeout = std::chrono::milliseconds(test::kPatienceMs);
    return container_credentials(options);
  }

  test::TempDir dir;
  std::vector<std::unique_ptr<ScopedVariable>> variables;
  test::HookReceiver server;
};

TEST_F(DefaultCredentialsTest, SourcesAreTriedInTheOrderOfTheSdks) {
  server.answer_with([](const net::HttpRequest&, std::size_t) { return net::HttpResponse{200, {}, kContainerKey}; });
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/").text());
  const auto container = chain();
  EXPECT_EQ(ask_text(*container), "ASIACONTAINER");

  file("credentials", "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n");
  EXPECT_EQ(ask_text(*chain()), "AKIAPROFILE");
  EXPECT_EQ(ask_text(*container), "ASIACONTAINER") << "what worked is kept";
  container->forget();
  EXPECT_EQ(ask_text(*container), "AKIAPROFILE");

  set("AWS_ACCESS_KEY_ID", "AKIAENV");
  set("AWS_SECRET_ACCESS_KEY", "s");
  EXPECT_EQ(ask_text(*chain()), "AKIAENV");
  EXPECT_EQ(ask_text(*chain("default")), "AKIAPROFILE");
}

TEST_F(DefaultCredentialsTest, WithoutAnyEachSaysWhatItMisses) {
  const auto result = ask(*chain());

  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kMissingAuthenticationToken);
  for (const char* said : {"AWS_ACCESS_KEY_ID", "AWS_WEB_IDENTITY_TOKEN_FILE", "there is no profile \"default\"",
                           "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI", "AWS_EC2_METADATA_DISABLED is true"})
    EXPECT_THAT(result.error().detail, HasSubstr(said));
}

TEST_F(DefaultCredentialsTest, SourceThatIsSetUpWronglyIsNotPassedOver) {
  set("AWS_CONTAINER_CREDENTIALS_FULL_URI", server.url("/").text());
  file("config", "[profile cam]\nsso_session = corp\n");
  set("AWS_PROFILE", "cam");

  const auto result = ask(*chain());

  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().detail, HasSubstr("IAM Identity Center"));
  EXPECT_EQ(server.count(), 0U);
}

TEST_F(DefaultCredentialsTest, RegionIsFoundWithoutALoop) {
  EXPECT_EQ(default_region(), "");
  file("config", "[default]\nregion = eu-west-1\n[profile cam]\nregion = eu-north-1\n");
  EXPECT_EQ(default_region(), "eu-west-1");
  EXPECT_EQ(default_region("cam"), "eu-north-1");
  set("AWS_REGION", "us-west-2");
  EXPECT_EQ(default_region("cam"), "us-west-2");
}

TEST_F(DefaultCredentialsTest, HandlersRunOnTheLoopsThreadAndNotInGet) {
  file("credentials", "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n");
  ProfileCredentialsOptions options;
  options.loop = loop;
  const auto provider = profile_credentials(options);
  std::promise<std::pair<bool, bool>> where;
  provider->get([&](const Result<Credentials>&) {
    // Asked again on the loop's thread: not answered before get() has returned there either.
    auto inside = std::make_shared<bool>(true);
    provider->get(
        [&where, inside, this](const Result<Credentials>&) { where.set_value({loop->is_current_thread(), *inside}); });
    *inside = false;
  });
  auto answer = where.get_future();
  ASSERT_EQ(answer.wait_for(std::chrono::milliseconds(test::kPatienceMs)), std::future_status::ready);
  EXPECT_EQ(answer.get(), std::make_pair(true, false));
}

TEST_F(DefaultCredentialsTest, ProviderMayGoInItsHandlerWithTheLastOfItsLoop) {
  file("credentials", "[default]\naws_access_key_id = AKIAPROFILE\naws_secret_access_key = s\n");
  auto own = profile_credentials();
  std::promise<std::string> answer;
  CredentialProvider* asked = own.get();
  asked->get([&answer, provider = std::make_shared<std::shared_ptr<CredentialProvider>>(std::move(own))](
                 const Result<Credentials>& result) {
    provider->reset();
    answer.set_value(result ? result->access_key_id : result.error().detail);
  });
  auto answered = answer.get_future();
  ASSERT_EQ(answered.wait_for(std::chrono::milliseconds(test::kPatienceMs)), std::future_status::ready);
  EXPECT_EQ(answered.get(), "AKIAPROFILE");
}

TEST_F(DefaultCredentialsTest, ProviderThatGoesTellsWhoeverWaitsWithItsOwnLoopToo) {
  for (const bool shared : {true, false}) {
    auto provider = stuck(shared ? loop : nullptr);
    auto first = test::begin(*provider);
    auto second = test::begin(*provider);
    server.wait_for(1);

    provider.reset();

    for (auto* answer : {&first, &second}) {
      const auto result = test::end(std::move(*answer));
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().code, Errc::kClosed);
    }
  }
}

TEST_F(DefaultCredentialsTest, ChainThatGoesTellsWhoeverWaits) {
  auto chained = chain_credentials({stuck(loop)});
  auto answer = test::begin(*chained);
  server.wait_for(1);

  chained.reset();

  const auto result = test::end(std::move(answer));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().code, Errc::kClosed);
}

TEST_F(DefaultCredentialsTest, LoopThatCannotBeMadeIsAnAnswer) {
  set("AWS_CA_BUNDLE", (dir.path() / "none.pem").string());
  const auto result = ask(*profile_credentials());
  ASSERT_FALSE(result);
  EXPECT_THAT(result.error().detail, HasSubstr("none.pem"));
}

}  // namespace
}  // namespace heliograph
