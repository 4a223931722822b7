// The signaling client and its events by completion tokens.
#include <gtest/gtest.h>

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/bind_executor.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <future>

#include "heliograph/asio.hpp"
#include "support/channel_client_fixture.hpp"

namespace heliograph {
namespace {

namespace net = boost::asio;

constexpr std::size_t kEvents = 1024;

/// A client that connects to nobody.
std::unique_ptr<SignalingClient> lonely_client(SignalingClient::Handlers handlers = {}) {
  SignalingClient::Options options;
  options.client_id = "v";
  options.channel = "arn:aws:kinesisvideo:us-east-1:000000000000:channel/cam/1712136149494";
  options.endpoint = "ws://127.0.0.1:1";
  options.signer = std::make_shared<SigV4RequestSigner>("us-east-1", Credentials{"id", Secret("secret"), {}, {}});
  return SignalingClient::create(options, std::move(handlers)).value();
}

/// Begins something on the context's own thread, where its completion could run at once, and says whether it did.
template <class Begin>
bool completes_within(net::io_context& context, Begin begin) {
  bool was_completed = false;
  bool was_within = false;
  net::post(context, [&]() {
    begin(net::bind_executor(context, [&](const auto&) { was_completed = true; }));
    was_within = was_completed;
  });
  context.run();
  EXPECT_TRUE(was_completed);
  return was_within;
}

TEST(SignalingAsioTest, NothingIsCompletedWithinTheCallThatStartsIt) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  on.on_open({});
  const auto signer = std::make_shared<SigV4RequestSigner>("us-west-2", Credentials{"id", Secret("secret"), {}, {}});
  const auto client = lonely_client();

  net::io_context next;
  EXPECT_FALSE(completes_within(next, [&](auto token) { asio::async_next(events, std::move(token)); }));
  net::io_context sign;
  EXPECT_FALSE(completes_within(
      sign, [&](auto token) { asio::async_get_signed_url(signer, {.endpoint = "wss://host"}, std::move(token)); }));
  net::io_context refuse;
  EXPECT_FALSE(completes_within(
      refuse, [&](auto token) { asio::async_send_candidate(*client, {}, "a viewer names nobody", std::move(token)); }));
}

TEST(SignalingAsioTest, WithoutAnExecutorNothingIsCompletedWithinItsCallEither) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  on.on_open({});
  std::promise<std::thread::id> completed;

  asio::async_next(events, [&](const auto&) { completed.set_value(std::this_thread::get_id()); });

  EXPECT_NE(completed.get_future().get(), std::this_thread::get_id());
}

net::awaitable<std::size_t> drain(std::shared_ptr<SignalingEvents> events) {
  std::size_t count = 0;
  for (auto next = co_await asio::async_next(events, net::use_awaitable); next;
       next = co_await asio::async_next(events, net::use_awaitable))
    ++count;
  co_return count;
}

TEST(SignalingAsioTest, CoroutineTakesAllThatWaits) {
  const auto events = SignalingEvents::create(kEvents);
  const auto on = events->handlers();
  for (std::size_t i = 0; i < kEvents; ++i) on.on_candidate({std::to_string(i), {}, {}, {}}, "v");
  on.on_closed({Errc::kReplaced, "replaced"});
  net::io_context context;
  std::size_t count = 0;

  net::co_spawn(context, drain(events), [&](const std::exception_ptr&, std::size_t got) { count = got; });
  context.run();

  EXPECT_EQ(count, kEvents);
}

TEST(SignalingAsioTest, WhatADestroyedClientLeavesIsCompletedWithClosed) {
  const auto events = SignalingEvents::create();
  auto client = lonely_client(events->handlers());
  std::promise<Result<void>> sent;
  std::promise<Result<SignalingEvent>> next;
  asio::async_send_offer(*client, {SessionDescription::Type::kOffer, "v=0"}, "",
                         [&](Result<void> got) { sent.set_value(std::move(got)); });
  asio::async_next(events, [&](Result<SignalingEvent> got) { next.set_value(std::move(got)); });

  client.reset();

  EXPECT_EQ(sent.get_future().get().error().code, Errc::kClosed);
  EXPECT_EQ(next.get_future().get().error().code, Errc::kClosed);
}

std::string text_of(const Result<SignalingEvent>& next) {
  if (!next) return "none: " + next.error().detail;
  return std::holds_alternative<SignalingOpened>(*next) ? "open" : "something else";
}

net::awaitable<std::string> next_for_a_while(std::shared_ptr<SignalingEvents> events) {
  using namespace net::experimental::awaitable_operators;  // NOLINT: as their users do.
  net::steady_timer timer(co_await net::this_coro::executor, std::chrono::milliseconds(1));
  const auto first = co_await (asio::async_next(events, net::use_awaitable) || timer.async_wait(net::use_awaitable));
  co_return first.index() == 0 ? text_of(std::get<0>(first)) : "the time is over";
}

TEST(SignalingAsioTest, TimerEndsTheWaitForAnEventThatDoesNotCome) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  std::string got;
  const auto run = [&]() {
    net::io_context context;
    net::co_spawn(context, next_for_a_while(events),
                  [&](const std::exception_ptr&, std::string text) { got = std::move(text); });
    context.run_for(std::chrono::seconds(20));
    EXPECT_TRUE(context.stopped()) << "it still waits";
  };

  run();
  EXPECT_EQ(got, "the time is over");

  on.on_open({});
  run();
  EXPECT_EQ(got, "open") << "nobody else took it";
}

/// A wait for the next event, with its executor and its cancellation.
struct Wait {
  explicit Wait(const std::shared_ptr<SignalingEvents>& events) {
    asio::async_next(events, net::bind_cancellation_slot(
                                 signal.slot(), net::bind_executor(context, [this](const Result<SignalingEvent>& next) {
                                   told = text_of(next);
                                 })));
  }
  /// What came of it.
  std::string end() {
    context.run_for(std::chrono::seconds(20));
    return told;
  }

  net::io_context context;
  net::cancellation_signal signal;
  std::string told = "nothing";
};

TEST(SignalingAsioTest, EventThatComesWhileItsWaitIsCancelledIsTheNextOnes) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  Wait first(events);
  on.on_open({});  // Its completion is posted.

  first.signal.emit(net::cancellation_type::total);

  EXPECT_EQ(first.end(), "none: the wait for the next event was cancelled");
  EXPECT_EQ(Wait(events).end(), "open");
}

TEST(SignalingAsioTest, NothingIsCompletedWithinTheCallThatCancelsIt) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  Wait wait(events);
  bool was_within = true;
  net::post(wait.context, [&]() {
    wait.signal.emit(net::cancellation_type::total);
    was_within = wait.told != "nothing";
  });

  EXPECT_EQ(wait.end(), "none: the wait for the next event was cancelled");
  EXPECT_FALSE(was_within);
}

TEST(SignalingAsioTest, CancellingOneThatWasRefusedDoesNotEndTheOneThatWaits) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  Wait first(events);
  Wait second(events);

  second.signal.emit(net::cancellation_type::total);
  on.on_open({});

  EXPECT_EQ(second.end(), "none: somebody waits for the next event already");
  EXPECT_EQ(first.end(), "open");
}

TEST(SignalingAsioTest, CancellingAfterTheEndDoesNothing) {
  const auto events = SignalingEvents::create();
  const auto on = events->handlers();
  on.on_open({});
  Wait first(events);
  EXPECT_EQ(first.end(), "open");

  Wait second(events);
  first.signal.emit(net::cancellation_type::total);
  on.on_open({});

  EXPECT_EQ(second.end(), "open");
}

class SignalingTalkTest : public test::ChannelClientFixture {};

/// The next that is a description or a candidate.
net::awaitable<std::string> heard(std::shared_ptr<SignalingEvents> events) {
  for (;;) {
    const auto next = co_await asio::async_next(events, net::use_awaitable);
    if (!next) co_return "over: " + next.error().detail;
    if (const auto* one = std::get_if<DescriptionReceived>(&*next))
      co_return one->description.sdp + " from " + one->from;
    if (const auto* one = std::get_if<CandidateReceived>(&*next)) co_return one->candidate.candidate;
  }
}

struct Ends {
  std::unique_ptr<SignalingClient> master;
  std::unique_ptr<SignalingClient> viewer;
  std::shared_ptr<SignalingEvents> at_master = SignalingEvents::create();
  std::shared_ptr<SignalingEvents> at_viewer = SignalingEvents::create();
};

net::awaitable<std::string> talk(Ends& ends) {
  SessionDescription offer;
  offer.type = SessionDescription::Type::kOffer;
  offer.sdp = "offer";
  SessionDescription answer;
  answer.type = SessionDescription::Type::kAnswer;
  answer.sdp = "answer";
  IceCandidate candidate;
  candidate.candidate = "candidate";
  const auto offered = co_await asio::async_send_offer(*ends.viewer, offer, "", net::use_awaitable);
  if (!offered) co_return offered.error().detail;
  std::string said = co_await heard(ends.at_master);
  const auto answered = co_await asio::async_send_answer(*ends.master, answer, "v", net::use_awaitable);
  if (!answered) co_return answered.error().detail;
  said += ", ";
  said += co_await heard(ends.at_viewer);
  const auto more = co_await asio::async_send_candidate(*ends.master, candidate, "v", net::use_awaitable);
  if (!more) co_return more.error().detail;
  said += ", ";
  said += co_await heard(ends.at_viewer);
  co_return said;
}

TEST_F(SignalingTalkTest, CoroutinesSendAndHear) {
  start();
  const auto channels = connect();
  ASSERT_TRUE(channels->create_channel({.name = "cam"}));
  Ends ends;
  SignalingClient::Options options;
  options.role = Role::kMaster;
  options.channel = "cam";
  options.channels = channels;
  ends.master = SignalingClient::create(options, ends.at_master->handlers()).value();
  options.role = Role::kViewer;
  options.client_id = "v";
  ends.viewer = SignalingClient::create(options, ends.at_viewer->handlers()).value();
  ends.master->open();
  ends.viewer->open();
  net::io_context context;
  std::string said;

  net::co_spawn(context, talk(ends), [&](const std::exception_ptr&, std::string got) { said = std::move(got); });
  context.run();

  EXPECT_EQ(said, "offer from v, answer from , candidate");
}

}  // namespace
}  // namespace heliograph
