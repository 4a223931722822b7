// Gives relays back what a peer connection had from them.
#pragma once

#include <future>

#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

/// Asks the relays of a webrtcbin that is stopped to end its allocations (RFC 8656 section 7: a Refresh with a lifetime
/// of zero); they would keep them, and count them, for ten minutes. The future is there once they have answered, or
/// libnice has given up, after some seconds; nobody has to wait for it. Until then libnice and its sockets are kept.
/// Threads: any.
[[nodiscard]] std::future<void> release_relays(GstPtr<GstElement> webrtc);

}  // namespace heliograph::peer
