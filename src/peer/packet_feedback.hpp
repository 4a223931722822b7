// Reads what GStreamer's RTP session tells upstream when transport-wide feedback has come.
#pragma once

#include <gst/gst.h>

#include <vector>

#include "peer/path_meter.hpp"

namespace heliograph::peer {

[[nodiscard]] bool is_feedback(GstEvent* event);
/// The packets that the event is about, without those whose time of sending is not known any more.
[[nodiscard]] std::vector<PacketReport> read_feedback(GstEvent* event);

}  // namespace heliograph::peer
