// The signaling client against a heliographd that is killed, drained, and comes back.
#include <gmock/gmock.h>
#include <signal.h>

#include <boost/json.hpp>
#include <fstream>
#include <future>
#include <iterator>
#include <set>
#include <thread>

#include "heliograph/channel_client.hpp"
#include "support/service_process.hpp"
#include "support/signaling_peer.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;
using test::SignalingPeer;
using testing::Contains;
using testing::Each;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

SessionDescription offer(const std::string& sdp) { return {SessionDescription::Type::kOffer, sdp}; }
SessionDescription answer(const std::string& sdp) { return {SessionDescription::Type::kAnswer, sdp}; }
IceCandidate candidate(const std::string& text) { return {text, "0", 0, {}}; }

class SdkSignalingTest : public ::testing::Test {
 protected:
  void launch(std::vector<std::string> flags = {}) {
    flags.insert(flags.end(), {"--listen", "127.0.0.1:" + std::to_string(port_), "--turn", "off"});
    ASSERT_NO_FATAL_FAILURE(service_.launch(dir_.path() / "data", std::move(flags)));
    port_ = service_.port();
  }
  void kill_service() {
    service_.signal(SIGKILL);
    EXPECT_EQ(service_.end(), "signal 9");
  }
  std::string file(const char* name) {
    std::ifstream file(dir_.path() / "data" / name);
    return {std::istreambuf_iterator<char>(file), {}};
  }
  Credentials administrator() {
    const auto profiles = wire::parse_credentials_file(file("credentials")).value();
    return {profiles.front().id.str(), profiles.front().secret, {}, {}};
  }
  std::shared_ptr<ChannelClient> channels(bool tls = false, std::optional<Credentials> as = std::nullopt) {
    ChannelClient::Options options;
    EventLoop::Options loop;
    if (tls) loop.ca_file = std::string(boost::json::parse(file("runtime.json")).at("caFile").as_string());
    options.loop = EventLoop::create(loop).value();
    options.credentials = static_credentials(as ? *as : administrator());
    options.region = "us-east-1";
    options.endpoint = (tls ? "https" : "http") + std::string("://localhost:") + std::to_string(port_);
    return ChannelClient::create(options).value();
  }
  static SignalingClient::Options master(const std::shared_ptr<ChannelClient>& channels) {
    SignalingClient::Options options;
    options.role = Role::kMaster;
    options.channel = "cam";
    options.channels = channels;
    options.reconnect.first = milliseconds(20);
    options.reconnect.most = milliseconds(200);
    return options;
  }
  static SignalingClient::Options viewer(const std::shared_ptr<ChannelClient>& channels, const std::string& id = "v") {
    auto options = master(channels);
    options.role = Role::kViewer;
    options.client_id = id;
    return options;
  }
  static void make_channel(ChannelClient& channels) {
    const auto made = channels.create_channel({.name = "cam"});
    ASSERT_TRUE(made) << made.error().detail;
  }
  /// Offer, answer and a candidate each way.
  static void expect_talk(SignalingPeer& master, SignalingPeer& viewer, const std::string& word) {
    ASSERT_TRUE(viewer.client->send_offer(offer(word)));
    ASSERT_TRUE(viewer.client->send_candidate(candidate(word)));
    master.wait_for("offer " + word + " from v");
    master.wait_for("candidate " + word + " from v");
    ASSERT_TRUE(master.client->send_answer(answer(word), "v"));
    ASSERT_TRUE(master.client->send_candidate(candidate(word), "v"));
    viewer.wait_for("answer " + word + " from ");
    viewer.wait_for("candidate " + word + " from ");
  }

  test::TempDir dir_;
  test::ServiceProcess service_;
  std::uint16_t port_ = 0;
};

TEST_F(SdkSignalingTest, MasterAndViewerTalkOverPlainTextAndOverTls) {
  ASSERT_NO_FATAL_FAILURE(launch());
  make_channel(*channels());
  for (const bool tls : {false, true}) {
    SCOPED_TRACE(tls ? "TLS" : "plain");
    SignalingPeer camera(master(channels(tls)));
    SignalingPeer watcher(viewer(channels(tls)));
    camera.client->open();
    watcher.client->open();
    expect_talk(camera, watcher, "hello");
  }
}

TEST_F(SdkSignalingTest, SentIsToldWhenTheServiceHasReadTheMessage) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer watcher(viewer(calls));
  std::promise<Result<void>> sent;
  ASSERT_TRUE(watcher.client->send_offer(offer("early"), {}, [&](const auto& result) { sent.set_value(result); }));
  watcher.client->open();

  EXPECT_TRUE(sent.get_future().get()) << "and so it is kept for a master that comes later";

  SignalingPeer camera(master(calls));
  camera.client->open();
  camera.wait_for("offer early from v");
}

TEST_F(SdkSignalingTest, RefusalOfAMessageIsToldToWhoSentIt) {
  ASSERT_NO_FATAL_FAILURE(launch({"--limits", "aws"}));
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer watcher(viewer(calls));
  watcher.client->open();
  std::promise<Result<void>> sent;
  ASSERT_TRUE(watcher.client->send_offer(offer(std::string(9000, 'x')), {}, [&](const auto& r) { sent.set_value(r); }));
  const auto told = sent.get_future().get();
  ASSERT_FALSE(told);
  EXPECT_THAT(told.error().detail, HasSubstr("InvalidArgumentException"));
}

TEST_F(SdkSignalingTest, BothComeBackWhenTheServiceWasKilled) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer camera(master(calls));
  SignalingPeer watcher(viewer(calls));
  camera.client->open();
  watcher.client->open();
  expect_talk(camera, watcher, "before");

  kill_service();
  camera.wait_for("lost");
  watcher.wait_for("lost");
  ASSERT_TRUE(watcher.client->send_offer(offer("meanwhile")));
  ASSERT_NO_FATAL_FAILURE(launch());

  camera.wait_for("offer meanwhile from v");
  expect_talk(camera, watcher, "after");
  EXPECT_EQ(camera.closed(), std::nullopt);
}

TEST_F(SdkSignalingTest, NothingConfirmedIsLostWhileTheServiceIsRestartedAgainAndAgain) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer camera(master(calls));
  SignalingPeer watcher(viewer(calls));
  camera.client->open();
  camera.wait_for("open");
  watcher.client->open();
  ASSERT_TRUE(watcher.client->send_offer(offer("first")));
  camera.wait_for("offer first from v");

  std::mutex mutex;
  std::vector<int> confirmed;
  std::atomic<int> pending = 0;
  int number = 0;
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 40; ++i, ++number) {
      ++pending;
      ASSERT_TRUE(
          watcher.client->send_candidate(candidate(std::to_string(number)), {}, [&, number](const auto& result) {
            const std::lock_guard lock(mutex);
            if (result) confirmed.push_back(number);
            --pending;
          }));
    }
    service_.signal(SIGTERM);
    EXPECT_EQ(service_.end(), "exit status 0");
    ASSERT_NO_FATAL_FAILURE(launch());
  }
  test::wait_until([&]() { return pending == 0; });
  // What was confirmed before a restart that dropped the service's memory came to the master before it, or waits.
  EXPECT_EQ(confirmed.size(), static_cast<std::size_t>(number)) << "every message was confirmed in the end";
  for (const int one : confirmed) camera.wait_for("candidate " + std::to_string(one) + " from v");
}

TEST_F(SdkSignalingTest, NothingConfirmedIsLostWhenTheServiceIsKilledInTheMiddleOfSends) {
  ASSERT_NO_FATAL_FAILURE(launch({"--limits", "open"}));
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer camera(master(calls));
  SignalingPeer watcher(viewer(calls));
  camera.client->open();
  watcher.client->open();
  expect_talk(camera, watcher, "first");

  std::mutex mutex;
  std::vector<std::string> confirmed;
  std::set<std::string> refusals;
  std::atomic<std::size_t> confirmed_count = 0;
  std::atomic<int> pending = 0;
  const auto send = [&](const std::string& text) {
    ++pending;
    ASSERT_TRUE(watcher.client->send_candidate(candidate(text), {}, [&, text](const auto& result) {
      const std::lock_guard lock(mutex);
      if (result) confirmed.push_back(text);
      if (result)
        ++confirmed_count;
      else
        refusals.insert(result.error().detail);
      --pending;
    }));
  };
  for (std::size_t round = 1; round <= 8; ++round) {
    SCOPED_TRACE("round " + std::to_string(round));
    const std::size_t before = confirmed_count;
    // While some are confirmed others are on their way, and it is in the middle of these that the service dies.
    std::thread sender([&]() {
      for (int i = 0; i < 400; ++i) {
        test::wait_until([&]() { return pending < 30; });
        send(std::to_string(round) + "." + std::to_string(i));
      }
    });
    test::wait_until([&]() { return confirmed_count >= before + 20 * round; });
    kill_service();
    launch({"--limits", "open"});
    sender.join();
    ASSERT_FALSE(HasFatalFailure());
    test::wait_until([&]() { return pending == 0; });
    // And nobody is away any more when it dies again: what waits for somebody in its memory would go with it.
    camera.wait_for("open", round + 1);
    const std::lock_guard lock(mutex);
    // A service that is back before the master keeps only so many for it, and says so of the others.
    EXPECT_THAT(refusals, Each(HasSubstr("ClientLimitExceededException")));
    EXPECT_GT(confirmed_count, before + 20 * round);
    camera.wait_for("candidate " + confirmed.back() + " from v");
    const auto heard = camera.lines();
    const std::set<std::string> arrived(heard.begin(), heard.end());
    std::vector<std::string> lost;
    for (const auto& one : confirmed)
      if (!arrived.contains("candidate " + one + " from v")) lost.push_back(one);
    ASSERT_THAT(lost, IsEmpty()) << "of " << confirmed.size() << "; the viewer heard "
                                 << testing::PrintToString(watcher.lines());
    confirmed.clear();
  }
}

TEST_F(SdkSignalingTest, DrainMovesClientsThatWereTold) {
  ASSERT_NO_FATAL_FAILURE(launch({"--drain-window", "4"}));
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer camera(master(calls));
  camera.client->open();
  camera.wait_for("open");
  service_.signal(SIGTERM);
  camera.wait_for("go away");
  EXPECT_EQ(service_.end(), "exit status 0");
  ASSERT_NO_FATAL_FAILURE(launch());
  camera.wait_for("open", 2);
}

TEST_F(SdkSignalingTest, SecondMasterEndsTheFirstForGood) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto calls = channels();
  make_channel(*calls);
  SignalingPeer first(master(calls));
  first.client->open();
  first.wait_for("open");
  SignalingPeer second(master(calls));
  second.client->open();
  first.wait_for("closed");
  EXPECT_EQ(first.closed()->code, Errc::kReplaced);
  EXPECT_EQ(first.client->send_answer(answer("x"), "v").error().code, Errc::kClosed);
}

TEST_F(SdkSignalingTest, WrongKeyAndMissingChannelAreFinalAndSayWhy) {
  ASSERT_NO_FATAL_FAILURE(launch());
  SignalingPeer nowhere(master(channels()));
  nowhere.client->open();
  nowhere.wait_for("closed");
  EXPECT_EQ(nowhere.closed()->code, Errc::kResourceNotFound);

  make_channel(*channels());
  auto stranger = administrator();
  stranger.secret_access_key = Secret("wrong");
  SignalingPeer refused(master(channels(false, stranger)));
  refused.client->open();
  refused.wait_for("closed");
  EXPECT_EQ(refused.closed()->code, Errc::kSignatureMismatch) << refused.closed()->detail;
  EXPECT_THAT(refused.closed()->detail, Not(HasSubstr("wrong")));
}

TEST_F(SdkSignalingTest, ClosingAndDestroyingInsideAHandlerEndsQuietly) {
  ASSERT_NO_FATAL_FAILURE(launch());
  const auto calls = channels();
  make_channel(*calls);

  SignalingPeer closing(master(calls), [&](const std::string& line) {
    if (line == "open") closing.client->close();
  });
  closing.client->open();
  closing.wait_for("closed");

  // With a loop that nobody else has: it ends in its own handler.
  std::promise<void> gone;
  auto options = viewer(channels());
  SignalingClient::Handlers on;
  std::unique_ptr<SignalingClient> client;
  on.on_open = [&](const auto&) {
    client.reset();
    gone.set_value();
  };
  client = SignalingClient::create(std::move(options), on).value();
  client->open();
  EXPECT_EQ(gone.get_future().wait_for(seconds(40)), std::future_status::ready);
}

TEST_F(SdkSignalingTest, HandlersRunWhereTheApplicationWantsThem) {
  ASSERT_NO_FATAL_FAILURE(launch());
  make_channel(*channels());
  // A queue that the test's own thread works off.
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<std::function<void()>> queue;
  EventLoop::Options loop;
  loop.executor = [&](std::function<void()> task) {
    const std::lock_guard lock(mutex);
    queue.push_back(std::move(task));
    changed.notify_one();
  };
  auto options = master(channels());
  options.loop = EventLoop::create(loop).value();
  std::thread::id thread;
  SignalingPeer camera(options, [&](const std::string&) { thread = std::this_thread::get_id(); });
  camera.client->open();

  while (camera.count("open") == 0) {
    std::unique_lock lock(mutex);
    ASSERT_TRUE(changed.wait_for(lock, seconds(40), [&]() { return !queue.empty(); }));
    auto tasks = std::move(queue);
    queue.clear();
    lock.unlock();
    for (const auto& task : tasks) task();
  }
  EXPECT_EQ(thread, std::this_thread::get_id());
}

TEST_F(SdkSignalingTest, ThrowingHandlerIsLoggedAndHarmsNobody) {
  ASSERT_NO_FATAL_FAILURE(launch());
  make_channel(*channels());
  std::mutex mutex;
  std::vector<std::string> logged;
  EventLoop::Options loop;
  loop.log = [&](LogLevel, std::string_view line) {
    const std::lock_guard lock(mutex);
    logged.emplace_back(line);
  };
  auto options = master(channels());
  options.loop = EventLoop::create(loop).value();
  SignalingPeer camera(options, [](const std::string& line) {
    if (line == "open") throw std::runtime_error("on purpose");
  });
  SignalingPeer watcher(viewer(channels()));
  camera.client->open();
  watcher.client->open();
  expect_talk(camera, watcher, "still here");
  const std::lock_guard lock(mutex);
  EXPECT_THAT(logged, Contains(HasSubstr("on purpose")));
}

TEST_F(SdkSignalingTest, OptionsThatDoNotGoTogetherAreRefusedWithTheReason) {
  const auto refusal = [](SignalingClient::Options options) {
    return SignalingClient::create(std::move(options), {}).error().detail;
  };
  EXPECT_THAT(refusal({}), HasSubstr("needs a channel"));
  EXPECT_THAT(refusal({.role = Role::kViewer, .client_id = "AWS_x", .channel = "c"}), HasSubstr("client id"));
  EXPECT_THAT(refusal({.role = Role::kMaster, .client_id = "x", .channel = "c"}), HasSubstr("no client id"));
  EXPECT_THAT(refusal({.role = Role::kMaster, .channel = "c"}), HasSubstr("ChannelClient"));
  EXPECT_THAT(refusal({.role = Role::kMaster, .channel = "c", .endpoint = "wss://x"}), HasSubstr("must be an ARN"));
}

}  // namespace
}  // namespace heliograph
