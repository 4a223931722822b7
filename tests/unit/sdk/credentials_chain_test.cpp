// Chains of providers, the environment, and how texts from outside are quoted.
#include "sdk/credentials/chain.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sdk/credentials/environment.hpp"
#include "sdk/credentials/quote.hpp"
#include "support/scripted_world.hpp"

namespace heliograph::sdk {
namespace {

using ::testing::HasSubstr;

class FixedProvider final : public CredentialProvider {
 public:
  explicit FixedProvider(Result<Credentials> given) : result(std::move(given)) {}
  void get(Handler done) override {
    ++gets;
    if (hold) return held.push_back(std::move(done));
    done(result);
  }
  void forget() override { ++forgets; }

  Result<Credentials> result;
  bool hold = false;
  std::vector<Handler> held;
  int gets = 0;
  int forgets = 0;
};

using Fixed = std::shared_ptr<FixedProvider>;
Fixed missing(const char* why) {
  return std::make_shared<FixedProvider>(Error{Errc::kMissingAuthenticationToken, why});
}
Fixed having(const char* id) { return std::make_shared<FixedProvider>(Credentials{id, Secret("s"), {}, {}}); }

TEST(ChainTest, FirstThatIsSetUpIsAskedFromThenOn) {
  const Fixed first = missing("not 1");
  const Fixed second = having("2");
  const Fixed third = having("3");
  ChainProvider chain({first, second, third});
  test::Outcomes outcomes;
  for (int i = 0; i < 3; ++i) chain.get(outcomes.next());

  EXPECT_EQ(outcomes.last(), "2");
  EXPECT_EQ(first->gets, 1);
  EXPECT_EQ(second->gets, 3);
  EXPECT_EQ(third->gets, 0);

  second->result = Error{Errc::kIo, "down"};
  chain.get(outcomes.next());
  EXPECT_EQ(outcomes.last(), "error: down") << "nobody becomes somebody else because of an outage";
}

TEST(ChainTest, ProviderThatThrowsEndsTheSearchAndKeepsNobodyFromForgetting) {
  class Throwing final : public CredentialProvider {
    void get(Handler) override { throw std::runtime_error("oops"); }
    void forget() override { throw std::runtime_error("oops again"); }
  };
  const Fixed first = missing("not 1");
  first->hold = true;
  const Fixed last = having("3");
  ChainProvider chain({first, std::make_shared<Throwing>(), last});
  test::Outcomes outcomes;
  chain.get(outcomes.next());
  first->held.front()(first->result);  // In what a loop calls, not in what the application did.

  EXPECT_EQ(outcomes.last(), "error: not 1; a credential provider threw: oops");
  EXPECT_EQ(last->gets, 0);
  EXPECT_THROW(chain.forget(), std::runtime_error);
  EXPECT_EQ(last->forgets, 1);
}

TEST(ChainTest, ForgettingBeginsAnew) {
  const Fixed first = missing("not 1");
  const Fixed second = having("2");
  ChainProvider chain({first, second});
  test::Outcomes outcomes;
  chain.get(outcomes.next());
  first->result = Credentials{"1", Secret("s"), {}, {}};

  chain.forget();
  chain.get(outcomes.next());

  EXPECT_EQ(outcomes.last(), "1");
  EXPECT_EQ(first->forgets + second->forgets, 2);
}

TEST(ChainTest, OneThatIsSetUpAndFailsEndsTheSearch) {
  const Fixed third = having("3");
  ChainProvider chain({missing("not 1"), std::make_shared<FixedProvider>(Error{Errc::kCorrupt, "2 is broken"}), third});
  test::Outcomes outcomes;
  chain.get(outcomes.next());

  EXPECT_EQ(outcomes.code(), Errc::kCorrupt);
  EXPECT_EQ(outcomes.last(), "error: not 1; 2 is broken");
  EXPECT_EQ(third->gets, 0);
}

TEST(ChainTest, WithNoneSetUpTheErrorHasWhatEachSaid) {
  ChainProvider chain({missing("not 1"), missing("not 2")});
  ChainProvider empty({});
  test::Outcomes outcomes;
  chain.get(outcomes.next());
  EXPECT_EQ(outcomes.code(), Errc::kMissingAuthenticationToken);
  EXPECT_EQ(outcomes.last(), "error: no source of credentials is set up (not 1; not 2)");
  empty.get(outcomes.next());
  EXPECT_EQ(outcomes.last(), "error: no source of credentials is set up");
}

TEST(ChainTest, ChainThatGoesWhileOneIsAskedAsksNoMore) {
  const Fixed first = missing("not 1");
  const Fixed second = having("2");
  first->hold = true;
  auto chain = std::make_unique<ChainProvider>(std::vector<std::shared_ptr<CredentialProvider>>{first, second});
  test::Outcomes outcomes;
  chain->get(outcomes.next());

  chain.reset();
  first->held.at(0)(first->result);

  EXPECT_EQ(outcomes.code(), Errc::kClosed);
  EXPECT_EQ(second->gets, 0);
}

TEST(EnvironmentTest, KeyIsWholeOrMissingOrAMistake) {
  std::map<std::string, std::string> variables;
  const auto read = [&variables]() {
    return environment_credentials([&variables](const char* name) { return variables[name]; });
  };
  EXPECT_EQ(read().error().code, Errc::kMissingAuthenticationToken);
  variables = {{"AWS_ACCESS_KEY_ID", "AKIA"}};
  EXPECT_EQ(read().error().code, Errc::kInvalidArgument);
  variables = {{"AWS_SECRET_ACCESS_KEY", "hush"}};
  EXPECT_EQ(read().error().code, Errc::kInvalidArgument);
  EXPECT_EQ(read().error().detail.find("hush"), std::string::npos);
  variables["AWS_ACCESS_KEY_ID"] = "AKIA";
  variables["AWS_SESSION_TOKEN"] = "tok";
  ASSERT_TRUE(read());
  EXPECT_EQ(read()->access_key_id, "AKIA");
  EXPECT_EQ(read()->session_token.reveal(), "tok");
  EXPECT_FALSE(read()->expires);
}

TEST(EnvironmentTest, VariableWithALineBreakIsNamed) {
  const std::map<std::string, std::string> good = {
      {"AWS_ACCESS_KEY_ID", "AKIA"}, {"AWS_SECRET_ACCESS_KEY", "hush"}, {"AWS_SESSION_TOKEN", "tok"}};
  for (const auto& [name, value] : good) {
    auto variables = good;
    variables[name] = value + "\r\nX-Injected: yes";
    const auto read = environment_credentials([&variables](const char* one) { return variables[one]; });
    ASSERT_FALSE(read);
    EXPECT_EQ(read.error().code, Errc::kInvalidArgument);
    EXPECT_EQ(read.error().detail, "environment: " + name + " has a line break in it");
  }
}

TEST(QuoteTest, TextsAreOnOneLineAndNotTooLong) {
  EXPECT_EQ(quote("  a\r\n\tb\x01\x7F c  "), "a b c");
  EXPECT_EQ(quote("x hush y hush", {"hush", ""}), "x [removed] y [removed]");
  EXPECT_EQ(quote("\xFF\xFE"), "??");
  EXPECT_EQ(quote(std::string(400, 'x')), std::string(300, 'x') + "…");
  EXPECT_EQ(quote(std::string(299, 'x') + "\xC3\xA4\xC3\xA4"), std::string(299, 'x') + "…");
  EXPECT_EQ(quote_refusal("", ""), "");
  EXPECT_EQ(quote_refusal("A", ""), "A");
  EXPECT_EQ(quote_refusal("", "b"), "b");
  EXPECT_EQ(quote_refusal("A", "b"), "A (b)");
}

TEST(QuoteTest, WordsThatLookLikeKeysAreRemovedAndOthersStay) {
  for (const char* secret : {"wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY", "eyJhbGciOiJSUzI1NiIsInR5cCI6IkpXVCJ9",
                             "0123456789abcdef0123456789abcdef", "AQoDYXdzEJr+x/yz1+abcDEF=="})
    EXPECT_EQ(quote_unknown(std::string("the key \"") + secret + "\" is bad"), "the key \"[removed]\" is bad");
  EXPECT_EQ(quote_unknown("cannot find /usr/libexec/helper for profile camera-1"),
            "cannot find /usr/libexec/helper for profile camera-1");
}

}  // namespace
}  // namespace heliograph::sdk
