// Calls that go wrong: silence, throttling, and when it is enough.
#include "unit/sdk/caller_fixture.hpp"
#include "wire/date.hpp"
#include "wire/sigv4.hpp"

namespace heliograph::sdk {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::Got;
using ::testing::HasSubstr;
using ::testing::StartsWith;
using Object = boost::json::object;

class CallerTest : public test::CallerFixture {};

TEST_F(CallerTest, RequestIsASignedPostOfJson) {
  const auto got = call({.body = {{"MaxResults", 7}}});

  const auto request = script.request();
  EXPECT_EQ(request.call.method, "POST");
  EXPECT_EQ(request.url(), "https://kv.example.org:8443/listSignalingChannels");
  EXPECT_EQ(request.call.body, R"({"MaxResults":7})");
  EXPECT_EQ(request.header("Content-Type"), "application/json");
  EXPECT_EQ(request.header("X-Amz-Date"), wire::to_amz_date(script.clock->wall_now()));
  wire::SigningKeyCache cache(1);
  const std::vector<wire::HeaderView> headers{{"content-type", "application/json"}};
  const auto expected = wire::sign_headers({.host = "kv.example.org:8443",
                                            .target = "/listSignalingChannels",
                                            .headers = headers,
                                            .body = request.call.body,
                                            .region = "us-west-2"},
                                           {"AKIDEXAMPLE", Secret("secret"), {}, {}}, script.clock->wall_now(), cache);
  EXPECT_EQ(request.header("Authorization"), expected.authorization);
  EXPECT_EQ(request.call.timeout, seconds(10));
  EXPECT_EQ(request.call.connect_timeout, seconds(5));
  script.answer(200, R"({"ChannelInfoList":[]})");
  EXPECT_EQ(*got.result(), (Object{{"ChannelInfoList", boost::json::array{}}}));
}

TEST_F(CallerTest, AnswerThatIsNoObjectIsCorrupt) {
  const auto got = call();

  script.answer(200, "<html>");

  EXPECT_EQ(got.code(), Errc::kCorrupt);
  EXPECT_THAT(got.detail(), StartsWith("ListSignalingChannels: the answer 200 is no JSON object"));
}

TEST_F(CallerTest, RefusalIsNotTriedAgain) {
  const auto got = call();

  script.refuse(404, "ResourceNotFoundException", "none");

  EXPECT_EQ(got.code(), Errc::kResourceNotFound);
  EXPECT_EQ(got.detail(), "404 ResourceNotFoundException: none (request id-1)");
}

TEST_F(CallerTest, WhatIsTemporaryIsTriedAgainUntilItWorks) {
  struct Case {
    const char* name;
    std::function<void(test::SdkScript&)> fail;
  };
  const Case cases[] = {
      {"no connection", [](auto& at) { at.lose(Errc::kIo); }},
      {"no answer", [](auto& at) { at.lose(Errc::kTimeout); }},
      {"500", [](auto& at) { at.refuse(500, "InternalFailureException"); }},
      {"503 of a proxy", [](auto& at) { at.answer(503, "down"); }},
      {"throttling", [](auto& at) { at.refuse(400, "ClientLimitExceededException"); }},
      {"429", [](auto& at) { at.answer(429, "{}"); }},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    const auto got = call();

    for (int i = 0; i < 3; ++i) {
      c.fail(script);
      EXPECT_TRUE(script.calls.empty()) << "at once";
      pause();
    }
    script.answer(200, "{}");

    EXPECT_TRUE(got.result());
  }
}

TEST_F(CallerTest, AfterTheLastTryTheLastErrorIsTheResult) {
  const auto got = call();

  for (int i = 0; i < 4; ++i) {
    EXPECT_FALSE(got.is_there());
    script.refuse(400, "ClientLimitExceededException", "attempt " + std::to_string(i));
    pause();
  }

  EXPECT_EQ(got.code(), Errc::kClientLimitExceeded);
  EXPECT_THAT(got.detail(), HasSubstr("attempt 3"));
}

TEST_F(CallerTest, LostConnectionSaysWhichUrl) {
  const auto got = call();

  for (int i = 0; i < 4; ++i) {
    script.lose();
    pause();
  }

  EXPECT_EQ(got.code(), Errc::kIo);
  EXPECT_EQ(got.detail(), "https://kv.example.org:8443/listSignalingChannels: cannot connect");
}

TEST_F(CallerTest, PausesAreRandomAndBoundedByATimeThatDoubles) {
  std::vector<std::vector<milliseconds>> waited(3);
  for (int round = 0; round < 40; ++round) {
    const auto got = call();
    for (auto& waits : waited) {
      script.lose();
      milliseconds wait{0};
      for (; script.calls.empty() && wait <= milliseconds(300); ++wait) script.advance(milliseconds(1));
      waits.push_back(wait);
    }
    script.answer(200, "{}");
  }
  constexpr milliseconds kMost[] = {milliseconds(100), milliseconds(200), milliseconds(300)};
  for (std::size_t i = 0; i < 3; ++i) {
    const auto [least, most] = std::minmax_element(waited[i].begin(), waited[i].end());
    EXPECT_LE(*most, kMost[i]);
    EXPECT_GT(*most, kMost[i] / 2) << "the whole span is used";
    EXPECT_LT(*least, kMost[i] / 4);
  }
}

TEST_F(CallerTest, DeadlineEndsACallWhateverItWaitsFor) {
  credentials->is_silent = true;
  const auto got = call({.deadline = script.clock->steady_now() + seconds(3)});

  script.advance(seconds(2));
  EXPECT_FALSE(got.is_there());
  script.advance(seconds(1));

  EXPECT_EQ(got.code(), Errc::kTimeout);
}

TEST_F(CallerTest, NoTryLastsLongerThanWhatIsLeft) {
  const auto got = call({.deadline = script.clock->steady_now() + milliseconds(2500)});

  EXPECT_EQ(script.request().call.timeout, milliseconds(2500));
  EXPECT_EQ(script.request().call.connect_timeout, milliseconds(2500));
  script.answer(200, "{}");
}

TEST_F(CallerTest, PauseThatDoesNotFitIntoWhatIsLeftIsNotBegun) {
  const auto got = call({.deadline = script.clock->steady_now() + seconds(5)});
  script.run();
  script.clock->advance(seconds(5));

  script.lose(Errc::kIo);

  EXPECT_EQ(got.code(), Errc::kIo);
}

TEST_F(CallerTest, CallThatMustNotBeMadeTwiceIsTriedAgainOnlyWhenItWasRefused) {
  const auto lost = call({.may_repeat = false});
  EXPECT_FALSE(script.request().call.keep_alive);
  script.lose();
  EXPECT_EQ(lost.code(), Errc::kIo);

  const auto failed = call({.may_repeat = false});
  script.refuse(500, "InternalFailureException");
  EXPECT_EQ(failed.code(), Errc::kInternalFailure);

  const auto throttled = call({.may_repeat = false});
  script.refuse(400, "ClientLimitExceededException");
  pause();
  script.answer(200, "{}");
  EXPECT_TRUE(throttled.result());
}

TEST_F(CallerTest, DeletionThatFindsNothingAfterALostAnswerIsDone) {
  const auto done = call({.is_done_when_gone = true});
  script.lose(Errc::kTimeout);
  pause();
  script.refuse(404, "ResourceNotFoundException");
  EXPECT_TRUE(done.result());

  const auto none = call({.is_done_when_gone = true});
  script.refuse(404, "ResourceNotFoundException");
  EXPECT_EQ(none.code(), Errc::kResourceNotFound);
}

TEST_F(CallerTest, HandlersAreCalledAfterTheCallHasReturned) {
  credentials->next = Errc::kMissingAuthenticationToken;

  const auto got = call();

  EXPECT_FALSE(got.is_there());
  script.run();
  EXPECT_TRUE(got.is_there());
}

TEST_F(CallerTest, ClosingEndsWhatIsUnderWayAndWhatComesLater) {
  const auto asked = call();
  script.run();
  const auto pausing = call();
  const auto held = script.request();
  script.calls.erase(script.calls.begin());
  script.lose();
  Got<void> waiting;
  caller->wait(seconds(1), waiting.handler());

  caller->close();
  const auto late = call();
  script.run();

  for (const auto& got : {asked, pausing, late}) EXPECT_EQ(got.code(), Errc::kClosed);
  EXPECT_EQ(waiting.code(), Errc::kClosed);
  held.done(net::HttpReply{200, {}, "{}"});  // Too late, and of no effect.
  script.calls.clear();
}

TEST_F(CallerTest, WaitingIsDoneAfterItsTime) {
  Got<void> got;
  caller->wait(seconds(2), got.handler());

  script.advance(seconds(1));
  EXPECT_FALSE(got.is_there());
  script.advance(seconds(1));

  EXPECT_TRUE(got.result());
}

}  // namespace
}  // namespace heliograph::sdk
