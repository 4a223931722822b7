// Every program of examples/cpp, run as its first lines say, against a real service.
#include <gmock/gmock.h>

#include <chrono>
#include <condition_variable>
#include <cstdlib>
#include <future>
#include <mutex>
#include <string>
#include <vector>

#include "heliograph/signaling_client.hpp"
#include "support/examples_fixture.hpp"

namespace heliograph {
namespace {

using test::Program;
using testing::HasSubstr;

class CppExamplesTest : public test::ExamplesFixture {};

TEST_F(CppExamplesTest, ViewerWatchesTheMasterAndIsAnswered) {
  const auto master = run("master", {"cam", "60"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();

  const auto [code, said] = result_of("viewer", {"cam", "alice", "8"});

  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("master: you said: hello from alice"));
  EXPECT_TRUE(master->says("hello from alice")) << master->text();
  EXPECT_THAT(master->text(), HasSubstr("alice: connected"));
}

TEST_F(CppExamplesTest, HelloPrintsTheOfferOfAViewer) {
  ASSERT_TRUE(channels_->create_channel({.name = "robot-7"}));
  const auto hello = run("hello", {});
  ASSERT_TRUE(hello->says("joined, ")) << hello->text();

  const auto viewer = run("viewer", {"robot-7", "alice", "5"});

  EXPECT_TRUE(hello->says("alice offers:")) << hello->text();
}

TEST_F(CppExamplesTest, RecorderWritesWhatTheCameraShows) {
  const auto camera = run("camera", {"yard"});
  ASSERT_TRUE(camera->says("waiting for viewers")) << "it makes its channel: " << camera->text();
  const std::string path = (dir_.path() / "yard.mkv").string();

  const auto [code, said] = result_of("recorder", {"yard", path, "4"});

  EXPECT_EQ(code, 0) << said;
  Program probe({"/usr/bin/ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", path});
  EXPECT_EQ(probe.end(), 0) << probe.text();
  EXPECT_NEAR(std::strtod(probe.text().c_str(), nullptr), 4.0, 1.5) << probe.text();
}

TEST_F(CppExamplesTest, ChatGoesBetweenTheMasterAndItsViewers) {
  const auto master = run("chat", {"cam"});
  const auto alice = run("chat", {"cam", "alice"});
  ASSERT_TRUE(hears(*alice, *master, "from alice")) << master->text();
  EXPECT_THAT(master->text(), HasSubstr("alice: from alice"));
  ASSERT_TRUE(hears(*master, *alice, "from the master")) << alice->text();
  EXPECT_THAT(alice->text(), HasSubstr("master: from the master"));

  const auto bob = run("chat", {"cam", "bob"});

  ASSERT_TRUE(hears(*bob, *alice, "from bob")) << "the master passes it on: " << alice->text();
  EXPECT_THAT(alice->text(), HasSubstr("bob: from bob"));
}

TEST_F(CppExamplesTest, ChatOfAViewerCallsTheNextMasterWhenItsOwnHasLeft) {
  auto native = Program({HELIOGRAPH_COMMAND, "chat", "cam", "--master", "--data", (dir_.path() / "data").string()});
  const auto alice = run("chat", {"cam", "alice"});
  ASSERT_TRUE(hears(*alice, native, "from alice")) << native.text();

  native.write("/quit\n");
  ASSERT_TRUE(alice->says("* no connection with the master")) << alice->text();
  const auto master = run("chat", {"cam"});

  EXPECT_TRUE(hears(*alice, *master, "from alice again")) << alice->text() << master->text();
}

TEST_F(CppExamplesTest, ChatOfAViewerCallsAgainAfterAFailureAndMindsNothingThatComesLate) {
  const auto alice = run("chat", {"cam", "alice"});
  // A master whose answer leads nowhere: the offer itself, without a candidate.
  std::mutex mutex;
  std::condition_variable called;
  std::vector<std::string> offers;
  SignalingClient::Handlers on;
  on.on_offer = [&](const SessionDescription& offer, const std::string&) {
    const std::lock_guard lock(mutex);
    offers.push_back(offer.sdp);
    called.notify_one();
  };
  auto master = SignalingClient::create({.role = Role::kMaster, .channel = "cam", .channels = channels_}, on);
  (*master)->open();
  const auto is_called = [&](std::size_t times) {
    std::unique_lock lock(mutex);
    return called.wait_for(lock, Program::kPatience, [&]() { return offers.size() >= times; });
  };
  const auto answer = [&](const std::string& sdp) {
    std::promise<void> sent;
    EXPECT_TRUE((*master)->send_answer({SessionDescription::Type::kAnswer, sdp}, "alice",
                                       [&](const auto&) { sent.set_value(); }));
    const IceCandidate candidate{.candidate = "candidate:1 1 UDP 1 192.0.2.1 9 typ host", .sdp_mid = "0"};
    EXPECT_TRUE((*master)->send_candidate(candidate, "alice"));
    sent.get_future().wait();
  };
  ASSERT_TRUE(is_called(1)) << alice->text();
  std::string nowhere = offers[0];
  for (std::size_t at = 0; (at = nowhere.find("a=candidate:", at)) != std::string::npos;)
    nowhere.erase(at, nowhere.find('\n', at) + 1 - at);
  nowhere.replace(nowhere.find("a=setup:actpass"), std::string("a=setup:actpass").size(), "a=setup:active");
  answer(nowhere);

  // (PeerConnection::Config::connect_patience is 30 s.)
  ASSERT_TRUE(alice->says("* no connection with the master")) << alice->text();
  ASSERT_TRUE(is_called(2)) << alice->text();
  answer("v=0\r\n");

  alice->close_input();
  EXPECT_EQ(alice->end(), 0) << alice->text();
}

TEST_F(CppExamplesTest, CoroutineSaysHelloAndIsAnswered) {
  const auto master = run("master", {"cam", "60"});
  ASSERT_TRUE(master->says("waiting for viewers")) << master->text();

  const auto [code, said] = result_of("coroutine", {"cam"});

  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("master: you said: hello from a coroutine"));
}

TEST_F(CppExamplesTest, SignerOfOnesOwnJoinsWithoutAKey) {
  const auto where = channels_->join({.channel = "cam", .role = Role::kViewer, .client_id = "guest"}).value();

  const auto [code, said] = result_of(
      "signer", {where.channel_arn, where.wss_endpoint, "guest", HELIOGRAPH_COMMAND, "sign", "--data",
                 (dir_.path() / "data").string(), "--channel", "cam", "--client-id", "guest", "--plain", "--quiet"});

  EXPECT_EQ(code, 0) << said;
  EXPECT_THAT(said, HasSubstr("joined, by somebody else's signature"));
}

TEST_F(CppExamplesTest, EachSaysHowItIsUsedAndWhatIsWrong) {
  for (const char* name : {"viewer", "master", "recorder", "camera", "chat", "coroutine", "signer"}) {
    SCOPED_TRACE(name);
    const auto usage = result_of(name, {});
    EXPECT_EQ(usage.first, 2);
    EXPECT_THAT(usage.second, HasSubstr(std::string("usage: ") + name));
  }
  const auto [code, said] = result_of("viewer", {"no-such-channel"});
  EXPECT_EQ(code, 1);
  EXPECT_THAT(said, HasSubstr("ResourceNotFoundException"));
}

}  // namespace
}  // namespace heliograph
