// Who is at the other end: the certificate of DTLS is that of the session description, or nothing passes.
#include <gst/gst.h>
#include <gtest/gtest.h>

#include "heliograph/media_sink.hpp"
#include "peer/fingerprint.hpp"
#include "peer/gst_ptr.hpp"
#include "support/media_fixture.hpp"

namespace heliograph {
namespace {

using State = PeerConnection::State;

constexpr std::string_view kLine = "a=fingerprint:";

/// With all fingerprint lines in place of which come those that are given.
SessionDescription with_lines(SessionDescription description, const std::string& lines) {
  for (auto at = description.sdp.find(kLine); at != std::string::npos;
       at = description.sdp.find(kLine, at + lines.size()))
    description.sdp.replace(at, description.sdp.find('\n', at) + 1 - at, lines);
  return description;
}

std::string line_of(const SessionDescription& description) {
  const auto at = description.sdp.find(kLine);
  return description.sdp.substr(at, description.sdp.find('\n', at) + 1 - at);
}

/// As the reader would see it: another certificate's.
std::string corrupted(std::string line) {
  char& digit = line[line.find(' ') + 1];
  digit = digit == 'A' ? 'B' : 'A';
  return line;
}

/// That of this process, by another hash function.
std::string own_line(const std::string& function) {
  const peer::GstPtr<GstElement> decoder(
      static_cast<GstElement*>(gst_object_ref_sink(gst_element_factory_make("dtlsdec", nullptr))));
  gchar* pem = nullptr;
  g_object_get(decoder.get(), "pem", &pem, nullptr);
  const auto made = peer::fingerprint_of(peer::take_text(pem), function);
  EXPECT_TRUE(made.has_value());
  return made ? std::string(kLine) + made->function + " " + made->bytes + "\r\n" : std::string();
}

class CertificateTest : public ::testing::Test {
 protected:
  /// Pictures and messages to the viewer, messages to the master.
  void open() {
    auto viewing = pair.config();
    viewing.receive_video = true;
    viewing.sink = sink;
    auto sending = pair.config();
    sending.send = test::small_source();
    pair.viewer.open(viewing);
    pair.master.open(sending);
    test::Side& viewer = pair.viewer;
    auto handlers = viewer.channel_handlers();
    handlers.on_open = [this]() {
      pair.board.change([this]() { ++pair.viewer.opened_channels; });
      static_cast<void>(channel->send_text("secret"));
    };
    auto made = viewer.peer->create_data_channel("chat", {}, std::move(handlers));
    ASSERT_TRUE(made) << made.error().detail;
    channel = *std::move(made);
    const auto offered = viewer.peer->create_offer();
    ASSERT_TRUE(offered) << offered.error().detail;
  }
  [[nodiscard]] bool all_arrives() {
    return pair.board.await([&]() { return !pair.master.texts.empty() && sink->stats(MediaKind::kVideo).frames > 3; });
  }
  /// That the side has seen through it, and nothing has passed.
  void expect_refusal(test::Side& deceived) {
    ASSERT_TRUE(pair.board.await([&]() { return deceived.has_been(State::kFailed); })) << pair.story();
    EXPECT_NE(deceived.reasons.back().find("certificate"), std::string::npos) << pair.story();
    EXPECT_FALSE(deceived.is_connected()) << pair.story();
    EXPECT_EQ(deceived.peer->state(), State::kFailed);
    pair.close_all();  // Which waits until nothing comes any more.
    EXPECT_TRUE(pair.master.texts.empty());
    EXPECT_EQ(pair.viewer.opened_channels, 0);
    EXPECT_TRUE(pair.master.channels.empty());
    EXPECT_EQ(sink->stats(MediaKind::kVideo).frames, 0U);
  }

  std::shared_ptr<MediaSink> sink = MediaSink::headless();
  test::PeerPair pair;
  std::shared_ptr<DataChannel> channel;
};

TEST_F(CertificateTest, WrongOneOfTheMasterIsRefusedByTheViewer) {
  pair.master.alter = [](const SessionDescription& answer) { return with_lines(answer, corrupted(line_of(answer))); };

  ASSERT_NO_FATAL_FAILURE(open());

  expect_refusal(pair.viewer);
}

TEST_F(CertificateTest, WrongOneOfTheViewerIsRefusedByTheMaster) {
  pair.viewer.alter = [](const SessionDescription& offer) { return with_lines(offer, corrupted(line_of(offer))); };

  ASSERT_NO_FATAL_FAILURE(open());

  expect_refusal(pair.master);
}

TEST_F(CertificateTest, OtherHashFunctionsAreUnderstood) {
  pair.viewer.alter = [](const SessionDescription& offer) { return with_lines(offer, own_line("sha-512")); };
  pair.master.alter = [](const SessionDescription& answer) { return with_lines(answer, own_line("sha-384")); };

  ASSERT_NO_FATAL_FAILURE(open());

  EXPECT_TRUE(all_arrives()) << pair.story();
}

TEST_F(CertificateTest, OneOfSeveralLinesIsEnough) {
  const auto several = [](const SessionDescription& description) {
    const std::string line = line_of(description);
    return with_lines(description, corrupted(line) + corrupted(own_line("sha-512")) + line);
  };
  pair.viewer.alter = several;
  pair.master.alter = several;

  ASSERT_NO_FATAL_FAILURE(open());

  EXPECT_TRUE(all_arrives()) << pair.story();
}

TEST_F(CertificateTest, RefusedPeerNegotiatesNoMore) {
  pair.master.alter = [](const SessionDescription& answer) { return with_lines(answer, corrupted(line_of(answer))); };
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(State::kFailed); })) << pair.story();

  EXPECT_EQ(pair.viewer.peer->create_offer({.ice_restart = true}).error().code, Errc::kClosed);
  const auto offer = pair.board.read([&]() { return pair.viewer.descriptions.front(); });
  EXPECT_EQ(pair.viewer.peer->set_remote_description(offer).error().code, Errc::kClosed);
  EXPECT_EQ(pair.viewer.peer->create_data_channel("more", {}, {}).error().code, Errc::kClosed);
}

TEST_F(CertificateTest, RefusedPeerCanBeClosedAndDestroyed) {
  pair.master.alter = [](const SessionDescription& answer) { return with_lines(answer, corrupted(line_of(answer))); };
  ASSERT_NO_FATAL_FAILURE(open());
  ASSERT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(State::kFailed); })) << pair.story();

  pair.viewer.peer->close();

  EXPECT_TRUE(pair.board.await([&]() { return pair.viewer.has_been(State::kClosed); })) << pair.story();
}

}  // namespace
}  // namespace heliograph
