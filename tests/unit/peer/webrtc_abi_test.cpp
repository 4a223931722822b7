// Our declarations of libgstwebrtc against what the library says of itself.
#include "peer/webrtc_abi.hpp"

#include <gtest/gtest.h>

#include <string>

#include "heliograph/peer_connection.hpp"

namespace heliograph::peer {
namespace {

std::string nick_of(GType type, int value) {
  auto* const known = static_cast<GEnumClass*>(g_type_class_ref(type));
  const GEnumValue* const found = g_enum_get_value(known, value);
  const std::string nick = found == nullptr ? "" : found->value_nick;
  g_type_class_unref(known);
  return nick;
}

TEST(WebrtcAbiTest, SdpTypesAreTheLibrarys) {
  EXPECT_STREQ(gst_webrtc_sdp_type_to_string(GST_WEBRTC_SDP_TYPE_OFFER), "offer");
  EXPECT_STREQ(gst_webrtc_sdp_type_to_string(GST_WEBRTC_SDP_TYPE_PRANSWER), "pranswer");
  EXPECT_STREQ(gst_webrtc_sdp_type_to_string(GST_WEBRTC_SDP_TYPE_ANSWER), "answer");
  EXPECT_STREQ(gst_webrtc_sdp_type_to_string(GST_WEBRTC_SDP_TYPE_ROLLBACK), "rollback");
}

TEST(WebrtcAbiTest, DirectionsAndChannelStatesAreTheLibrarys) {
  const GType direction = gst_webrtc_rtp_transceiver_direction_get_type();
  EXPECT_EQ(nick_of(direction, WebrtcValue::kInactive), "inactive");
  EXPECT_EQ(nick_of(direction, WebrtcValue::kSendOnly), "sendonly");
  EXPECT_EQ(nick_of(direction, WebrtcValue::kReceiveOnly), "recvonly");
  EXPECT_EQ(nick_of(direction, WebrtcValue::kSendReceive), "sendrecv");
  EXPECT_EQ(nick_of(gst_webrtc_data_channel_state_get_type(), WebrtcValue::kChannelOpen), "open");
  EXPECT_EQ(nick_of(gst_webrtc_signaling_state_get_type(), WebrtcValue::kHaveRemoteOffer), "have-remote-offer");
  EXPECT_EQ(nick_of(gst_webrtc_ice_gathering_state_get_type(), WebrtcValue::kGatheringComplete), "complete");
  EXPECT_EQ(nick_of(gst_webrtc_ice_transport_policy_get_type(), WebrtcValue::kPolicyRelay), "relay");
}

TEST(WebrtcAbiTest, OurStatesHaveTheLibrarysNumbers) {
  for (int i = 0; i <= static_cast<int>(PeerConnection::State::kClosed); ++i)
    EXPECT_EQ(nick_of(gst_webrtc_peer_connection_state_get_type(), i),
              to_string(static_cast<PeerConnection::State>(i)));
  for (int i = 0; i <= static_cast<int>(PeerConnection::IceState::kClosed); ++i)
    EXPECT_EQ(nick_of(gst_webrtc_ice_connection_state_get_type(), i),
              to_string(static_cast<PeerConnection::IceState>(i)));
  const char* const bundles[] = {"none", "balanced", "max-compat", "max-bundle"};
  for (int i = 0; i < 4; ++i) EXPECT_EQ(nick_of(gst_webrtc_bundle_policy_get_type(), i), bundles[i]);
  for (int i = 0; i < 4; ++i)
    EXPECT_NE(nick_of(gst_webrtc_data_channel_state_get_type(), i + 1), "") << "DataChannel::State is one below";
}

TEST(WebrtcAbiTest, DescriptionKeepsTypeAndMessageWhereWeReadThem) {
  GstSDPMessage* message = nullptr;
  ASSERT_EQ(gst_sdp_message_new(&message), GST_SDP_OK);
  auto* const description = gst_webrtc_session_description_new(GST_WEBRTC_SDP_TYPE_ANSWER, message);

  EXPECT_EQ(description->type, GST_WEBRTC_SDP_TYPE_ANSWER);
  EXPECT_EQ(description->sdp, message);
  gst_webrtc_session_description_free(description);
}

}  // namespace
}  // namespace heliograph::peer
