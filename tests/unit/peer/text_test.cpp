// Descriptions, candidates and ICE servers as text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "peer/codec_choice.hpp"
#include "peer/ice_text.hpp"
#include "peer/sdp_text.hpp"

namespace heliograph::peer {
namespace {

/// As Chromium writes it, shortened.
const std::string kOffer =
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=ice-ufrag:abcd\r\na=ice-pwd:efghijklmnopqrstuvwxyz12\r\n"
    "a=fingerprint:sha-256 AA:BB\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n"
    "a=fmtp:111 minptime=10;useinbandfec=1\r\na=rtpmap:63 red/48000/2\r\n"
    "a=candidate:1 1 udp 2113937151 192.0.2.1 5000 typ host\r\n"
    "m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 108\r\na=ice-ufrag:abcd\r\na=ice-pwd:efghijklmnopqrstuvwxyz12\r\n"
    "a=mid:1\r\na=recvonly\r\na=rtpmap:96 VP8/90000\r\na=rtpmap:97 rtx/90000\r\na=fmtp:97 apt=96\r\n"
    "a=rtpmap:102 H264/90000\r\na=fmtp:102 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42001f\r\n"
    "a=rtpmap:103 H264/90000\r\na=fmtp:103 level-asymmetry-allowed=1;packetization-mode=0;profile-level-id=42e01f\r\n"
    "a=rtpmap:108 H264/90000\r\na=fmtp:108 level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f\r\n"
    "m=application 9 UDP/DTLS/SCTP webrtc-datachannel\r\na=ice-ufrag:abcd\r\na=ice-pwd:efghijklmnopqrstuvwxyz12\r\n"
    "a=mid:2\r\na=sctp-port:5000\r\na=max-message-size:262144\r\n";

std::string without(std::string text, const std::string& line) {
  const auto at = text.find(line);
  return at == std::string::npos ? text : text.erase(at, text.find('\n', at) - at + 1);
}

TEST(SdpTest, SectionsAreRead) {
  const auto sdp = read_sdp(kOffer);

  ASSERT_TRUE(sdp) << sdp.error().detail;
  ASSERT_EQ(sdp->sections.size(), 3U);
  EXPECT_EQ(sdp->sections[0].kind, Section::Kind::kAudio);
  EXPECT_TRUE(sdp->sections[0].sends && sdp->sections[0].receives);
  EXPECT_FALSE(sdp->sections[1].sends);
  EXPECT_TRUE(sdp->sections[1].receives);
  EXPECT_EQ(sdp->sections[2].kind, Section::Kind::kData);
  EXPECT_EQ(sdp->sections[1].ufrag, "abcd");
  EXPECT_EQ(sdp->candidates.size(), 1U);
  EXPECT_EQ(sdp->find("2"), 2U);
  EXPECT_FALSE(sdp->find("3").has_value());
  EXPECT_TRUE(sdp->has_transport(0));
  EXPECT_FALSE(sdp->has_transport(1));
  EXPECT_FALSE(sdp->has_transport(9));
}

TEST(SdpTest, ParametersMayComeBeforeTheirFormats) {
  // Firefox sorts attributes by name.
  std::string sorted = kOffer;
  const std::string map = "a=rtpmap:108 H264/90000\r\n";
  const auto at = sorted.find(map);
  sorted.insert(sorted.find("m=application"), map);
  sorted.erase(at, map.size());

  const auto sdp = read_sdp(sorted);

  ASSERT_TRUE(sdp) << sdp.error().detail;
  const Format& last = sdp->sections[1].formats.back();
  EXPECT_EQ(last.payload_type, 108);
  EXPECT_EQ(last.parameters, "level-asymmetry-allowed=1;packetization-mode=1;profile-level-id=42e01f");
}

TEST(SdpTest, WhatWouldAbortTheProcessIsRefused) {
  std::string two_alike = kOffer;
  two_alike.replace(two_alike.find("a=mid:2"), 7, "a=mid:1");
  std::string many = kOffer;
  for (int i = 3; i < 80; ++i) many += "m=video 9 UDP/TLS/RTP/SAVPF 96\r\na=mid:" + std::to_string(i) + "\r\n";
  std::string without_credentials = kOffer;
  for (int i = 0; i < 3; ++i) without_credentials = without(without_credentials, "a=ice-ufrag");
  const std::vector<std::string> broken = {"",
                                           "v=0\r\n",
                                           std::string("v=0\0\r\n", 6),
                                           std::string(300'000, 'a'),
                                           without(kOffer, "a=mid:1"),
                                           without(kOffer, "a=fingerprint"),
                                           without_credentials,
                                           two_alike,
                                           many,
                                           kOffer + "m=text 9 UDP 1\r\na=mid:7\r\n"};
  for (const std::string& text : broken) {
    SCOPED_TRACE(text.substr(0, 200));
    const auto sdp = read_sdp(text);
    ASSERT_FALSE(sdp);
    EXPECT_EQ(sdp.error().code, Errc::kInvalidArgument);
  }
}

TEST(SdpTest, OnlyTheSameSectionsFollow) {
  const auto first = *read_sdp(kOffer);
  std::string moved = kOffer;
  moved.replace(moved.find("a=mid:0"), 7, "a=mid:9");

  EXPECT_TRUE(check_successor(first, first));
  EXPECT_FALSE(check_successor(first, *read_sdp(moved)));
  auto fewer = first;
  fewer.sections.pop_back();
  EXPECT_FALSE(check_successor(first, fewer));
  EXPECT_TRUE(check_successor(fewer, first));
}

TEST(SdpTest, CredentialsAndCandidatesAreReplacedInEverySection) {
  const std::string changed = with_credentials(kOffer, {"wxyz", "123456789012345678901234"});
  const std::string bare = without_candidates(changed);
  const std::string full = with_candidates(
      bare, {{.candidate = "candidate:7 1 udp 1 192.0.2.9 6000 typ host", .sdp_m_line_index = std::uint16_t{1}}});

  EXPECT_EQ(changed.find("abcd"), std::string::npos);
  EXPECT_EQ(bare.find("a=candidate"), std::string::npos);
  const auto sdp = read_sdp(full);
  ASSERT_TRUE(sdp);
  for (const Section& section : sdp->sections) EXPECT_EQ(section.ufrag, "wxyz");
  ASSERT_EQ(sdp->candidates.size(), 1U);
  EXPECT_EQ(sdp->candidates.front().sdp_m_line_index, 1);
  EXPECT_TRUE(full.ends_with("a=end-of-candidates\r\n"));
}

TEST(CodecChoiceTest, TheFirstOfOursInItsBestForm) {
  const Section video = read_sdp(kOffer)->sections[1];

  EXPECT_EQ(choose_format(video, {Codec::kH264, Codec::kVp8})->payload_type, 108);
  EXPECT_EQ(choose_format(video, {Codec::kVp8, Codec::kH264})->payload_type, 96);
  EXPECT_FALSE(choose_format(video, {Codec::kOpus}).has_value());
  EXPECT_EQ(choose_format(read_sdp(kOffer)->sections[0], {Codec::kH264, Codec::kOpus})->payload_type, 111);
}

TEST(CodecChoiceTest, PacketsAreNumberedWhereTheOtherSideReportsOnThem) {
  const std::string uri = "http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01";
  const std::string before = "a=mid:1\r\n";
  struct Case {
    const char* name;
    std::string lines;
    int expected;  ///< Of payload type 96.
  };
  const std::vector<Case> cases = {
      {"both lines", "a=extmap:4 " + uri + "\r\na=rtcp-fb:96 transport-cc\r\n", 4},
      {"for every format", "a=extmap:4/sendrecv " + uri + "\r\na=rtcp-fb:* transport-cc\r\n", 4},
      {"only numbers", "a=extmap:4 " + uri + "\r\na=rtcp-fb:96 nack\r\n", 0},
      {"only reports", "a=rtcp-fb:96 transport-cc\r\n", 0},
      {"of another format", "a=extmap:4 " + uri + "\r\na=rtcp-fb:102 transport-cc\r\n", 0},
      {"too high a number", "a=extmap:15 " + uri + "\r\na=rtcp-fb:96 transport-cc\r\n", 0},
      {"no number", "a=extmap:x " + uri + "\r\na=rtcp-fb:x transport-cc\r\n", 0},
      {"another extension", "a=extmap:4 " + uri + "x\r\na=rtcp-fb:96 transport-cc\r\n", 0},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.name);
    std::string offer = kOffer;
    offer.insert(offer.find(before), c.lines);

    const auto format = choose_format(read_sdp(offer)->sections[1], {Codec::kVp8});

    EXPECT_EQ(format->feedback_extension, c.expected);
    EXPECT_EQ(to_caps_text(*format).find("extmap-4=(string)" + uri) != std::string::npos, c.expected != 0);
  }
  EXPECT_NE(to_caps_text(formats_to_offer(MediaKind::kVideo, {Codec::kVp8})).find(uri), std::string::npos);
  EXPECT_EQ(to_caps_text(formats_to_offer(MediaKind::kAudio, {Codec::kOpus})).find(uri), std::string::npos);
}

TEST(CodecChoiceTest, WhatTheOtherSideWroteCannotEscapeIntoCaps) {
  const Format format{96, Codec::kH264, "packetization-mode=1;profile-level-id=42e01f,evil=\"x\";a=b"};

  EXPECT_NE(to_caps_text(format).find("profile-level-id=(string)42e01fevilx"), std::string::npos);
}

TEST(CandidateTest, IsJudged) {
  struct Case {
    const char* text;
    std::optional<CandidateUse> use;  ///< Empty: refused.
  };
  const std::vector<Case> cases = {
      {"candidate:1 1 udp 2113937151 192.0.2.1 5000 typ host", CandidateUse::kUse},
      {"a=candidate:1 1 UDP 2113937151 2001:db8::1 5000 typ srflx raddr 0.0.0.0 rport 0\r\n", CandidateUse::kUse},
      {"candidate:1 1 udp 2113937151 2f6b9c1e.local 5000 typ host generation 0", CandidateUse::kHiddenName},
      {"candidate:1 1 udp 2113937151 host.example 5000 typ host", CandidateUse::kHiddenName},
      {"", CandidateUse::kNoMore},
      {"a=end-of-candidates", CandidateUse::kNoMore},
      {"candidate:1 1 udp 2113937151 192.0.2.1 70000 typ host", std::nullopt},
      {"candidate:1 1 udp", std::nullopt},
      {"candidate:1 1 udp 1 192.0.2.1 5000 typ host\r\nm=video", std::nullopt},
      {"v=0", std::nullopt},
  };
  for (const Case& c : cases) {
    SCOPED_TRACE(c.text);
    const auto use = judge_candidate(c.text);
    ASSERT_EQ(use.has_value(), c.use.has_value());
    EXPECT_EQ(use.value_or(CandidateUse::kUse), c.use.value_or(CandidateUse::kUse));
  }
  EXPECT_EQ(candidate_type("candidate:1 1 udp 1 192.0.2.1 5000 typ relay raddr 0.0.0.0"), "relay");
}

IceServer relay(std::string uri) {
  return {.uris = {std::move(uri)}, .username = "1700:user/x", .password = Secret("a+b/c=:@")};
}

TEST(IceServerTest, CredentialsAreEncodedForTheUri) {
  const auto uris = to_ice_uris({relay("turn:relay.example:3479?transport=tcp")});

  ASSERT_TRUE(uris) << uris.error().detail;
  EXPECT_EQ(uris->turn,
            (std::vector<std::string>{"turn://1700%3Auser%2Fx:a%2Bb%2Fc%3D%3A%40@relay.example:3479?transport=tcp"}));
}

TEST(IceServerTest, DefaultsAreThoseOfTheScheme) {
  EXPECT_EQ(to_ice_uris({{.uris = {"stun:stun.example"}}})->stun, "stun://stun.example:3478");
  EXPECT_EQ(to_ice_uris({{.uris = {"stun:[2001:db8::1]:1000"}}})->stun, "stun://[2001:db8::1]:1000");
  EXPECT_TRUE(to_ice_uris({relay("turn:r.example")})->turn.front().ends_with("@r.example:3478?transport=udp"));
}

TEST(IceServerTest, TlsIsNamedAsUnusable) {
  const auto uris = to_ice_uris({relay("turns:r.example:443?transport=tcp")});

  ASSERT_TRUE(uris);
  EXPECT_TRUE(uris->turn.empty());
  EXPECT_EQ(uris->unusable, (std::vector<std::string>{"turns:r.example:443?transport=tcp"}));
}

TEST(IceServerTest, WhatIsNoneIsRefusedWithoutItsSecret) {
  for (const char* const uri : {"http://x", "turn:", "turn:h:0", "turn:h:70000", "turn:h?transport=sctp", "turn:h?x=1",
                                "turn:user@h", "turn"}) {
    SCOPED_TRACE(uri);
    const auto uris = to_ice_uris({relay(uri)});
    ASSERT_FALSE(uris);
    EXPECT_EQ(uris.error().detail.find("a+b"), std::string::npos);
  }
  EXPECT_FALSE(to_ice_uris({{.uris = {"turn:h"}}}));
}

}  // namespace
}  // namespace heliograph::peer
