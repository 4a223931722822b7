// Descriptions, candidates and ICE servers as text.
#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "peer/codec_choice.hpp"
#include "peer/fingerprint.hpp"
#include "peer/ice_text.hpp"
#include "peer/sdp_form.hpp"
#include "peer/sdp_text.hpp"

namespace heliograph::peer {
namespace {

const std::string kFingerprint =
    "sha-256 0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9:0A:1B:2C:3D:4E:5F:60:71:82:93:A4:B5:C6:D7:E8:F9";

/// As Chromium writes it, shortened.
const std::string kOffer =
    "v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\ns=-\r\nt=0 0\r\na=group:BUNDLE 0 1 2\r\n"
    "m=audio 9 UDP/TLS/RTP/SAVPF 111 63\r\na=ice-ufrag:abcd\r\na=ice-pwd:efghijklmnopqrstuvwxyz12\r\n"
    "a=fingerprint:" +
    kFingerprint +
    "\r\na=setup:actpass\r\na=mid:0\r\na=sendrecv\r\na=rtpmap:111 opus/48000/2\r\n"
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

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  return text.replace(text.find(what), what.size(), by);
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
                                           kOffer + "m=text 9 UDP 1\r\na=mid:7\r\n",
                                           replaced(kOffer, "a=sendrecv", "a=sendrecv\r\na=sendrecv"),
                                           replaced(kOffer, "a=fingerprint:sha-256", "a=fingerprint:md5"),
                                           replaced(kOffer, "BUNDLE 0 1 2", "BUNDLE 0 1"),
                                           replaced(kOffer, "BUNDLE 0 1 2", "BUNDLE 0 1 1"),
                                           replaced(kOffer, "BUNDLE 0 1 2", "BUNDLE 0 1 2\r\na=group:BUNDLE 2")};
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
  moved = replaced(moved, "BUNDLE 0", "BUNDLE 9");

  EXPECT_TRUE(check_successor(first, first));
  EXPECT_FALSE(check_successor(first, *read_sdp(moved)));
  auto fewer = first;
  fewer.sections.pop_back();
  EXPECT_FALSE(check_successor(first, fewer));
  EXPECT_TRUE(check_successor(fewer, first));
}

TEST(SdpTest, AnotherFingerprintIsAnotherConnection) {
  const auto first = *read_sdp(kOffer);

  const auto taken = check_successor(first, *read_sdp(replaced(kOffer, "0A:1B", "0A:1C")));

  ASSERT_FALSE(taken);
  EXPECT_NE(taken.error().detail.find("fingerprint"), std::string::npos);
  EXPECT_TRUE(check_successor(first, *read_sdp(replaced(kOffer, "0A:1B", "0a:1b"))));
}

TEST(SdpTest, SectionsWithDifferentFingerprintsAreRefusedUnlessTheyAreBundled) {
  const std::string two = replaced(kOffer, "a=mid:1", "a=mid:1\r\na=fingerprint:" + replaced(kFingerprint, "0A", "0B"));

  const auto bundled = read_sdp(two);
  const auto apart = read_sdp(without(two, "a=group"));

  ASSERT_TRUE(bundled) << bundled.error().detail;
  EXPECT_EQ(bundled->fingerprints, read_sdp(kOffer)->fingerprints);
  EXPECT_FALSE(apart);
}

TEST(SdpTest, FormatsOfAnotherKindAreNone) {
  const auto sdp = read_sdp(replaced(replaced(kOffer, "opus/48000/2", "H264/90000"), "VP8/90000", "opus/48000/2"));

  ASSERT_TRUE(sdp);
  EXPECT_TRUE(sdp->sections[0].formats.empty());
  EXPECT_EQ(sdp->sections[1].formats.front().payload_type, 102);
}

TEST(SdpFormTest, WhatWebrtcbinLooksForIsInEverySectionOnce) {
  // By default both ways (RFC 8866, 6.7); or as is said for all.
  struct Case {
    std::string text;
    std::string direction;
  };
  const std::string bare = without(without(kOffer, "a=sendrecv"), "a=recvonly");
  for (const Case& c :
       {Case{bare, "a=sendrecv\r\n"}, Case{replaced(bare, "t=0 0", "t=0 0\r\na=sendonly"), "a=sendonly\r\n"}}) {
    const auto sdp = read_sdp(c.text);
    ASSERT_TRUE(sdp) << sdp.error().detail;

    const std::string formed = to_webrtcbin_form(c.text, *sdp);

    const auto count = [&](const std::string& line) {
      int found = 0;
      for (auto at = formed.find(line); at != std::string::npos; at = formed.find(line, at + 1)) ++found;
      return found;
    };
    EXPECT_EQ(count("m="), 3) << formed;
    for (const char* const line : {"a=fingerprint:", "a=ice-ufrag:abcd", "a=ice-pwd:", "a=setup:actpass", "a=mid:"})
      EXPECT_EQ(count(line), 3) << line << " in " << formed;
    EXPECT_EQ(count(c.direction), 2) << formed;
    EXPECT_EQ(count("a=candidate"), 0);
    EXPECT_EQ(count("a=sctp-port:5000"), 1);
    EXPECT_EQ(count("a=fmtp:97 apt=96"), 1);
    EXPECT_EQ(count("m=video 9 UDP/TLS/RTP/SAVPF 96 97 102 103 108"), 1) << formed;
  }
}

TEST(SdpFormTest, WhatIsMalformedIsLeftOut) {
  std::string text = replaced(kOffer, "opus/48000/2", "opus/x");
  text =
      replaced(text, "a=rtpmap:102 H264/90000\r\n", "a=rtpmap:102 opus/48000/2\r\na=ssrc:x cname:y\r\na=foo:bar\r\n");
  const auto sdp = read_sdp(text);
  ASSERT_TRUE(sdp) << sdp.error().detail;

  const std::string formed = to_webrtcbin_form(text, *sdp);

  for (const char* const line : {"a=rtpmap:111", "a=fmtp:111", "a=rtpmap:102", "a=fmtp:102", "a=ssrc", "a=foo"})
    EXPECT_EQ(formed.find(line), std::string::npos) << line << " in " << formed;
  EXPECT_NE(formed.find("m=audio 9 UDP/TLS/RTP/SAVPF 63\r\n"), std::string::npos) << formed;
  EXPECT_NE(formed.find("m=video 9 UDP/TLS/RTP/SAVPF 96 97 103 108\r\n"), std::string::npos) << formed;
}

TEST(SdpFormTest, WhatIsReadAndWhatIsFormedAreTheSame) {
  struct Case {
    const char* name;
    const char* line;  ///< Instead of that of payload type 96.
    std::optional<Codec> codec;
  };
  for (const Case& c :
       {Case{"an encoding of another kind is none", "a=rtpmap:96 opus/48000\r\na=rtpmap:96 VP8/90000", Codec::kVp8},
        Case{"of two the first counts", "a=rtpmap:96 H264/90000\r\na=rtpmap:96 VP8/90000", Codec::kH264},
        Case{"unknown or not", "a=rtpmap:96 AV1/90000\r\na=rtpmap:96 VP8/90000", std::nullopt},
        Case{"numbers have one spelling", "a=rtpmap:096 VP8/90000", Codec::kVp8},
        Case{"a rate is a number", "a=rtpmap:96 VP8/x", std::nullopt},
        Case{"lines are printable", "a=rtpmap:96 VP8/90000\x80", std::nullopt}}) {
    SCOPED_TRACE(c.name);
    const std::string text = replaced(kOffer, "a=rtpmap:96 VP8/90000", c.line);
    const auto sdp = read_sdp(text);
    ASSERT_TRUE(sdp) << sdp.error().detail;
    const auto formed = read_sdp(to_webrtcbin_form(text, *sdp));
    ASSERT_TRUE(formed) << formed.error().detail;

    for (const auto& read : {*sdp, *formed}) {
      std::optional<Codec> found;
      for (const Format& format : read.sections[1].formats)
        if (format.payload_type == 96) found = format.codec;
      EXPECT_EQ(found, c.codec);
    }
  }
}

TEST(SdpFormTest, PortOfNoughtIsRefusedHoweverItIsWritten) {
  const std::string text = replaced(replaced(kOffer, "m=video 9", "m=video 00"), "BUNDLE 0 1 2", "BUNDLE 0 2");
  const auto sdp = read_sdp(text);

  ASSERT_TRUE(sdp) << sdp.error().detail;
  EXPECT_TRUE(sdp->sections[1].is_rejected);
  EXPECT_NE(to_webrtcbin_form(text, *sdp).find("m=video 0 "), std::string::npos);
}

TEST(SdpFormTest, AnswerThatLacksASectionIsNotSet) {
  const auto offer = *read_sdp(kOffer);

  EXPECT_TRUE(check_answer(offer, kOffer));
  const auto checked = check_answer(offer, replaced(replaced(kOffer, "m=video 9", "m=video 0"), " 0 1 2", " 0 2"));
  ASSERT_FALSE(checked);
  EXPECT_NE(checked.error().detail.find("\"1\""), std::string::npos);
}

TEST(FingerprintTest, IsThatOfTheCertificate) {
  const std::string pem =
      "-----BEGIN CERTIFICATE-----\nYWJj\n-----END CERTIFICATE-----\n";  // "abc", as FIPS 180-2 has it.
  const std::string expected =
      "BA:78:16:BF:8F:01:CF:EA:41:41:40:DE:5D:AE:22:23:B0:03:61:A3:96:17:7A:9C:B4:10:FF:61:F2:00:15:AD";

  EXPECT_EQ(fingerprint_of(pem, "sha-256")->bytes, expected);
  EXPECT_EQ(parse_fingerprint("SHA-256 " + expected), fingerprint_of(pem, "sha-256"));
  EXPECT_EQ(fingerprint_of(pem, "sha-512")->bytes.substr(0, 11), "DD:AF:35:A1");
  for (const char* const none :
       {"", "abc", "-----BEGIN CERTIFICATE-----", "-----BEGIN CERTIFICATE----------END CERTIFICATE-----"})
    EXPECT_FALSE(fingerprint_of(none, "sha-256").has_value()) << none;
}

TEST(FingerprintTest, OnlyWhatProvesSomethingIsTaken) {
  const std::string good = kFingerprint.substr(8);
  EXPECT_TRUE(parse_fingerprint("sha-256 " + good).has_value());
  for (const std::string& bad :
       {std::string(), std::string("sha-256"), "sha-256 " + good.substr(3), "sha-256 " + good + ":00",
        "sha-1 " + good.substr(0, 59), "md5 " + good.substr(0, 47), "sha-512 " + good,
        "sha-256 " + replaced(good, "0A", "0G"), "sha-256 " + replaced(good, ":", "-")})
    EXPECT_FALSE(parse_fingerprint(bad).has_value()) << bad;
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
      {"candidate:1 1 udp 1 192.0.2.1 5000 typ host\tx", std::nullopt},
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
  for (const char* const uri :
       {"http://x", "turn:", "turn:h:0", "turn:h:70000", "turn:h?transport=sctp", "turn:h?x=1", "turn:user@h", "turn",
        "turn:[::1", "turn:[::1]x", "turn:[::1%25eth0]", "turn:[192.0.2.1]", "turn:h]"}) {
    SCOPED_TRACE(uri);
    const auto uris = to_ice_uris({relay(uri)});
    ASSERT_FALSE(uris);
    EXPECT_EQ(uris.error().detail.find("a+b"), std::string::npos);
  }
  EXPECT_FALSE(to_ice_uris({{.uris = {"turn:h"}}}));
  EXPECT_FALSE(to_ice_uris({relay(std::string("turn:[::1\0]", 11))}));
}

}  // namespace
}  // namespace heliograph::peer
