// The few declarations of libgstwebrtc-1.0.so.0 that are needed beside properties and signals. Its own headers come
// with a package that brings two hundred others (docs/decisions.md); a test compares these with what the library says.
#pragma once

#include <gst/gst.h>
#include <gst/sdp/sdp.h>

extern "C" {

// gst/webrtc/webrtc_fwd.h, API of 1.14 and later.
enum GstWebRTCSDPType {
  GST_WEBRTC_SDP_TYPE_OFFER = 1,
  GST_WEBRTC_SDP_TYPE_PRANSWER,
  GST_WEBRTC_SDP_TYPE_ANSWER,
  GST_WEBRTC_SDP_TYPE_ROLLBACK,
};

// gst/webrtc/rtcsessiondescription.h
struct GstWebRTCSessionDescription {
  GstWebRTCSDPType type;
  GstSDPMessage* sdp;
};

const gchar* gst_webrtc_sdp_type_to_string(GstWebRTCSDPType type);
GType gst_webrtc_session_description_get_type(void);
/// Takes the message.
GstWebRTCSessionDescription* gst_webrtc_session_description_new(GstWebRTCSDPType type, GstSDPMessage* sdp);
void gst_webrtc_session_description_free(GstWebRTCSessionDescription* description);

GType gst_webrtc_rtp_transceiver_direction_get_type(void);
GType gst_webrtc_peer_connection_state_get_type(void);
GType gst_webrtc_ice_connection_state_get_type(void);
GType gst_webrtc_ice_gathering_state_get_type(void);
GType gst_webrtc_ice_transport_policy_get_type(void);
GType gst_webrtc_bundle_policy_get_type(void);
GType gst_webrtc_data_channel_state_get_type(void);
GType gst_webrtc_signaling_state_get_type(void);

// libnice.so.10, nice/agent.h: forgets the other side's candidates and both sides' credentials of all streams.
gboolean nice_agent_restart(void* agent);
/// What comes for a component is handed to the function, by whoever runs the context; before that, to nobody.
gboolean nice_agent_attach_recv(void* agent, guint stream, guint component, GMainContext* context,
                                void (*function)(void* agent, guint stream, guint component, guint size, gchar* bytes,
                                                 gpointer data),
                                gpointer data);
/// Has the relays end their allocations. Of 0.1.16 and later; the callback is a GAsyncReadyCallback.
void nice_agent_close_async(void* agent, void (*callback)(GObject* agent, void* result, gpointer data), gpointer data);
}

namespace heliograph::peer {

/// Values of the library's enumerations that are handed to it or read from it as numbers.
struct WebrtcValue {
  static constexpr int kSendOnly = 2;
  static constexpr int kReceiveOnly = 3;
  static constexpr int kSendReceive = 4;
  static constexpr int kInactive = 1;
  static constexpr int kGatheringComplete = 2;
  static constexpr int kPolicyRelay = 1;
  static constexpr int kBundleMax = 3;
  static constexpr int kChannelOpen = 2;
  static constexpr int kHaveRemoteOffer = 3;
};

}  // namespace heliograph::peer
