// Descriptions and candidates as JSON, both ways.
#include "sdk/signaling/content.hpp"

#include <gmock/gmock.h>

namespace heliograph::sdk {
namespace {

using testing::HasSubstr;
using Type = SessionDescription::Type;

TEST(SignalingContentTest, DescriptionIsWrittenWithoutEscapesThatCClientsKeep) {
  EXPECT_EQ(to_json(SessionDescription{Type::kOffer, "v=0\r\na=rtpmap:96 H264/90000\r\n"}),
            R"({"type":"offer","sdp":"v=0\r\na=rtpmap:96 H264/90000\r\n"})");
}

TEST(SignalingContentTest, CandidateAlwaysHasTheThreeMembersThatIosNeeds) {
  EXPECT_EQ(to_json(IceCandidate{"candidate:1 1 udp 1 1.2.3.4 5 typ host", {}, 2, {}}),
            R"({"candidate":"candidate:1 1 udp 1 1.2.3.4 5 typ host","sdpMid":"2","sdpMLineIndex":2})");
  EXPECT_EQ(to_json(IceCandidate{"c", "video", 0, "uf"}),
            R"({"candidate":"c","sdpMid":"video","sdpMLineIndex":0,"usernameFragment":"uf"})");
}

TEST(SignalingContentTest, DescriptionIsReadBack) {
  const SessionDescription answer{Type::kAnswer, "v=0\r\ns=\"q\"\r\n"};
  const auto read = parse_description(to_json(answer), Type::kAnswer);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->sdp, answer.sdp);
}

TEST(SignalingContentTest, CandidateOfAnyClientIsRead) {
  const struct {
    const char* name;
    const char* json;
    const char* candidate;
    int index;
  } cases[] = {
      {"browser", R"({"candidate":"c","sdpMid":"0","sdpMLineIndex":1,"usernameFragment":"x"})", "c", 1},
      {"GStreamer", R"({"candidate":"c","sdpMLineIndex":0,"sdpMid":null})", "c", 0},
      {"only the candidate", R"({"candidate":"c"})", "c", -1},
      {"end of candidates", R"({"candidate":"","sdpMid":"0","sdpMLineIndex":0})", "", 0},
      {"null", "null", "", -1},
  };
  for (const auto& c : cases) {
    SCOPED_TRACE(c.name);
    const auto read = parse_candidate(c.json);
    ASSERT_TRUE(read);
    EXPECT_EQ(read->candidate, c.candidate);
    EXPECT_EQ(read->sdp_m_line_index ? *read->sdp_m_line_index : -1, c.index);
  }
}

TEST(SignalingContentTest, WhatIsNoDescriptionOrCandidateIsRefusedWithTheReason) {
  EXPECT_THAT(parse_description("{", Type::kOffer).error().detail, HasSubstr("not JSON"));
  EXPECT_THAT(parse_description("[]", Type::kOffer).error().detail, HasSubstr("no JSON object"));
  EXPECT_THAT(parse_description(R"({"type":"answer","sdp":"v"})", Type::kOffer).error().detail, HasSubstr("\"offer\""));
  EXPECT_THAT(parse_description(R"({"type":"offer","sdp":""})", Type::kOffer).error().detail, HasSubstr("no sdp"));
  EXPECT_THAT(parse_candidate(R"({"sdpMid":"0"})").error().detail, HasSubstr("no candidate"));
  EXPECT_THAT(parse_candidate(R"({"candidate":"c","sdpMLineIndex":70000})").error().detail, HasSubstr("no index"));
}

}  // namespace
}  // namespace heliograph::sdk
