// Descriptions that nobody sane sends: they are refused, or fail, or are answered; the process lives.
#include <gtest/gtest.h>

#include <cstdlib>
#include <random>

#include "support/media_fixture.hpp"

namespace heliograph {
namespace {

using Lines = std::vector<std::string>;

Lines split(const std::string& text) {
  Lines lines;
  for (std::size_t at = 0; at < text.size();) {
    const auto end = text.find("\r\n", at);
    lines.push_back(text.substr(at, end - at));
    at = end == std::string::npos ? text.size() : end + 2;
  }
  return lines;
}

std::string join(const Lines& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\r\n";
  return text;
}

const char* const kLines[] = {"a=sendrecv",
                              "a=inactive",
                              "a=recvonly",
                              "a=group:BUNDLE",
                              "a=group:BUNDLE audio0",
                              "a=mid:0",
                              "a=setup:holdconn",
                              "a=setup:passive",
                              "a=rtpmap:0 PCMU/8000",
                              "a=rtpmap:102 H264/0",
                              "a=rtpmap:111 H264/90000",
                              "a=rtpmap:102 OPUS/48000/2",
                              "a=fmtp:102 profile-level-id=zz",
                              "a=fmtp:97 apt=97",
                              "a=extmap:0 urn:x",
                              "a=ssrc:1 cname:x",
                              "a=ssrc-group:FID 1 2",
                              "a=fingerprint:md5 00",
                              "a=bundle-only",
                              "a=sctp-port:0",
                              "a=sctp-port:99999",
                              "a=max-message-size:-1",
                              "a=ice-pwd:x",
                              "a=ice-ufrag:y",
                              "m=video 0 UDP/TLS/RTP/SAVPF 102",
                              "m=audio 9 UDP/TLS/RTP/SAVPF",
                              "m=application 9 DTLS/SCTP 5000",
                              "a=rtcp-fb:* nack",
                              "a=rtpmap:"};

std::string mutated(const std::string& text, std::mt19937& dice) {
  Lines lines = split(text);
  const auto any = [&](std::size_t below) { return static_cast<std::size_t>(dice() % below); };
  for (std::size_t steps = 1 + any(3); steps > 0; --steps) {
    const auto at = static_cast<std::ptrdiff_t>(any(lines.size()));
    std::string& line = lines[static_cast<std::size_t>(at)];
    switch (any(6)) {
      case 0:
        if (lines.size() > 1) lines.erase(lines.begin() + at);
        break;
      case 1:
        lines.insert(lines.begin() + at, std::string(lines[any(lines.size())]));
        break;
      case 2:
        std::swap(line, lines[any(lines.size())]);
        break;
      case 3:
        lines.insert(lines.begin() + at, kLines[any(std::size(kLines))]);
        break;
      case 4:
        if (!line.empty()) line[any(line.size())] = static_cast<char>(32 + any(95));
        break;
      default:
        line.resize(any(line.size() + 1));
    }
  }
  return join(lines);
}

int setting(const char* name, int usual) {
  const char* const value = std::getenv(name);
  return value == nullptr ? usual : std::atoi(value);
}

/// Both sides are of this process and have one certificate. Thus webrtcbin does not see that sections which it copies
/// from the other side's description have another fingerprint, for which it would refuse its own answer: only so it
/// gets to where it aborts.
class HostileSdpTest : public ::testing::Test {
 protected:
  [[nodiscard]] PeerConnection::Config config() const {
    auto all = loops.config();
    all.send = source;
    all.receive_video = all.receive_audio = true;
    all.log = {};
    return all;
  }
  /// Sound, pictures and messages, all both ways.
  [[nodiscard]] std::string offer() const {
    test::PeerPair pair(loops.loop);
    pair.viewer.holds_back = true;
    pair.viewer.open(config());
    EXPECT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));
    EXPECT_TRUE(pair.viewer.peer->create_offer());
    EXPECT_TRUE(pair.board.await([&]() { return !pair.viewer.descriptions.empty(); }));
    return pair.viewer.descriptions.front().sdp;
  }
  /// What a master says to it: its answer, or why there is none.
  [[nodiscard]] std::string told(const std::string& text) const {
    test::PeerPair pair(loops.loop);
    pair.master.holds_back = true;
    pair.master.open(config());
    const auto taken = pair.master.peer->set_remote_description({SessionDescription::Type::kOffer, text});
    if (!taken) return taken.error().detail;
    EXPECT_TRUE(pair.board.await([&]() { return !pair.master.descriptions.empty() || !pair.master.errors.empty(); }))
        << text;
    if (!pair.master.descriptions.empty()) return pair.master.descriptions.front().sdp;
    return pair.master.errors.empty() ? "nothing" : pair.master.errors.front().detail;
  }
  /// Has a viewer take such an answer to its offer.
  void take_answer(const std::function<std::string(std::string)>& change) const {
    test::PeerPair pair(loops.loop);
    pair.viewer.open(config());
    pair.master.open(config());
    ASSERT_TRUE(pair.viewer.peer->create_data_channel("chat", {}, {}));
    bool is_over = false;
    pair.viewer.on_state = [&](PeerConnection::State) { pair.board.change([&]() { is_over = true; }); };
    pair.master.holds_back = true;
    ASSERT_TRUE(pair.viewer.peer->create_offer());
    ASSERT_TRUE(pair.board.await([&]() { return !pair.master.descriptions.empty(); })) << pair.story();
    const std::string text = change(pair.master.descriptions.front().sdp);
    if (!pair.viewer.peer->set_remote_description({SessionDescription::Type::kAnswer, text})) return;
    // It is done with the answer once it can say how things stand.
    pair.viewer.peer->stats([&](const Result<PeerStats>&) { pair.board.change([&]() { is_over = true; }); });
    EXPECT_TRUE(pair.board.await([&]() { return is_over; })) << text;
  }

  test::PeerPair loops;
  std::shared_ptr<MediaSource> source = test::small_source();
};

TEST_F(HostileSdpTest, WithoutADirectionSectionsAreBothWays) {
  Lines lines = split(offer());
  std::erase(lines, "a=sendrecv");
  const std::string bare = join(lines);
  lines.insert(std::find(lines.begin(), lines.end(), "t=0 0") + 1, "a=recvonly");

  const std::string both = told(bare);
  const std::string one = told(join(lines));

  EXPECT_NE(both.find("a=sendrecv"), std::string::npos) << both;
  EXPECT_EQ(one.find("a=sendrecv"), std::string::npos) << one;
  EXPECT_NE(one.find("a=sendonly"), std::string::npos) << one;
}

TEST_F(HostileSdpTest, TwoDirectionsInASectionAreRefused) {
  Lines lines = split(offer());
  lines.insert(std::find(lines.begin(), lines.end(), "a=sendrecv"), "a=sendrecv");
  // The next one, of the pictures, goes.
  auto last = std::find(lines.rbegin(), lines.rend(), "a=sendrecv");
  ASSERT_NE(last, lines.rend());
  lines.erase(std::next(last).base());

  EXPECT_NE(told(join(lines)).find("two directions"), std::string::npos);
}

TEST_F(HostileSdpTest, FormatsOfPicturesInASectionOfSoundAreNone) {
  Lines lines = split(offer());
  const auto opus =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("a=rtpmap:111"); });
  const auto h264 =
      std::find_if(lines.begin(), lines.end(), [](const auto& line) { return line.starts_with("a=rtpmap:102"); });
  ASSERT_TRUE(opus != lines.end() && h264 != lines.end());
  std::swap(*opus, *h264);

  const std::string said = told(join(lines));

  EXPECT_NE(said.find("VP8"), std::string::npos) << said;
  EXPECT_EQ(said.find("H264"), std::string::npos) << said;
}

TEST_F(HostileSdpTest, NoOfferEndsTheProcess) {
  std::mt19937 dice(static_cast<unsigned>(setting("HELIOGRAPH_SEED", 7)));
  const std::string base = offer();
  for (int round = setting("HELIOGRAPH_ROUNDS", 25); round > 0; --round) {
    const std::string text = mutated(base, dice);
    if (std::getenv("HELIOGRAPH_SHOW") != nullptr) std::fprintf(stderr, "---\n%s", text.c_str());
    EXPECT_NE(told(text), "nothing") << text;
  }
}

TEST_F(HostileSdpTest, NoAnswerEndsTheProcess) {
  std::mt19937 dice(static_cast<unsigned>(setting("HELIOGRAPH_SEED", 11)));
  for (int round = setting("HELIOGRAPH_ROUNDS", 12); round > 0; --round)
    ASSERT_NO_FATAL_FAILURE(take_answer([&](const std::string& text) {
      const std::string changed = mutated(text, dice);
      if (std::getenv("HELIOGRAPH_SHOW") != nullptr) std::fprintf(stderr, "---\n%s", changed.c_str());
      return changed;
    }));
}

}  // namespace
}  // namespace heliograph
