// Keys of issuers that come over the network: who waits for them, and who does not.
#include "server/identity/web_identities.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "support/hook_receiver.hpp"
#include "support/test_world.hpp"
#include "support/token_issuer.hpp"

namespace heliograph::server::identity {
namespace {

using std::chrono::seconds;
using test::TokenIssuer;
using ::testing::HasSubstr;

constexpr WallTime kNow{std::chrono::milliseconds(1'700'000'000'000)};
constexpr SteadyTime kStart{std::chrono::hours(1)};

class WebIdentitiesTest : public ::testing::Test {
 protected:
  WebIdentitiesTest() {
    receiver.answer = [this](const net::HttpRequest&, std::size_t) -> std::optional<net::HttpResponse> {
      return net::HttpResponse{200, {}, current.load()->jwks()};
    };
  }

  void add() {
    const auto added = identities.add("https://login.example=" + receiver.url("/jwks").text(), kStart);
    ASSERT_TRUE(added) << added.error().detail;
  }
  static std::string token_of(const TokenIssuer& by) {
    return by.rs256(R"({"iss":"https://login.example","sub":"cam-7","aud":"here","exp":1700000300})");
  }
  std::future<WebIdentities::Verified> begin(const TokenIssuer& by, seconds after = seconds(0)) {
    const auto answer = std::make_shared<std::promise<WebIdentities::Verified>>();
    identities.verify(token_of(by), kNow, kStart + after,
                      [answer](WebIdentities::Verified verified) { answer->set_value(std::move(verified)); });
    return answer->get_future();
  }
  /// The subject, or the code of the failure.
  static std::string outcome_of(const WebIdentities::Verified& verified) {
    const auto* failure = std::get_if<StsFailure>(&verified);
    return failure != nullptr ? failure->code : std::get<WebIdentity>(verified).subject;
  }
  std::string ask(const TokenIssuer& by, seconds after = seconds(0)) { return outcome_of(begin(by, after).get()); }

  const TokenIssuer issuer;
  std::atomic<const TokenIssuer*> current = &issuer;
  test::HookReceiver receiver;
  test::MemoryLog log;
  WebIdentities identities{{"here"}, log};
};

TEST_F(WebIdentitiesTest, TokenThatComesBeforeTheKeysWaitsForThem) {
  std::promise<void> release;
  receiver.answer = [this, released = release.get_future().share()](const net::HttpRequest&, std::size_t) {
    released.wait();
    return net::HttpResponse{200, {}, issuer.jwks()};
  };
  add();

  auto first = begin(issuer);
  auto second = begin(issuer);

  EXPECT_EQ(first.wait_for(seconds(0)), std::future_status::timeout);
  release.set_value();
  EXPECT_EQ(outcome_of(first.get()), "cam-7");
  EXPECT_EQ(outcome_of(second.get()), "cam-7");
  EXPECT_EQ(receiver.count(), 1U);
}

TEST_F(WebIdentitiesTest, KeyThatIsNotKnownIsAskedForEveryThirtySecondsAtMost) {
  const TokenIssuer next;
  add();
  EXPECT_EQ(ask(issuer), "cam-7");
  current = &next;

  EXPECT_EQ(ask(next, seconds(29)), "InvalidIdentityToken");
  EXPECT_EQ(receiver.count(), 1U);
  EXPECT_EQ(ask(next, seconds(31)), "cam-7");
  EXPECT_EQ(receiver.count(), 2U);
  EXPECT_EQ(ask(issuer, seconds(32)), "InvalidIdentityToken");
  EXPECT_EQ(receiver.count(), 2U);
}

TEST_F(WebIdentitiesTest, KeysThatCannotBeHadAreAnErrorToTryAgain) {
  receiver.answer = [this](const net::HttpRequest&, std::size_t number) {
    return number == 0 ? net::HttpResponse{500, {}, {}} : net::HttpResponse{200, {}, issuer.jwks()};
  };
  add();

  EXPECT_EQ(ask(issuer), "IDPCommunicationError");
  EXPECT_EQ(ask(issuer, seconds(29)), "IDPCommunicationError");
  EXPECT_THAT(log.text(), HasSubstr("keys of an issuer are not there yet issuer=https://login.example"));
  EXPECT_EQ(receiver.count(), 1U);
  EXPECT_EQ(ask(issuer, seconds(31)), "cam-7");
}

TEST_F(WebIdentitiesTest, KeysThatAreOldCountWhileNewOnesAreFetched) {
  std::promise<void> release;
  receiver.answer = [this, released = release.get_future().share()](const net::HttpRequest&, std::size_t number) {
    if (number > 0) released.wait();
    return net::HttpResponse{200, {}, issuer.jwks()};
  };
  add();
  EXPECT_EQ(ask(issuer), "cam-7");

  EXPECT_EQ(ask(issuer, seconds(3601)), "cam-7");

  receiver.wait_for(2);
  release.set_value();
}

TEST_F(WebIdentitiesTest, EndEndsTheWait) {
  receiver.answer = [](const net::HttpRequest&, std::size_t) { return std::nullopt; };
  add();
  auto waiting = begin(issuer);

  identities.stop();

  EXPECT_EQ(outcome_of(waiting.get()), "IDPCommunicationError");
}

}  // namespace
}  // namespace heliograph::server::identity
