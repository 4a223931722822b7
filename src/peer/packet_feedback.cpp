// The event of rtpsession that has every packet and when it came.
#include "peer/packet_feedback.hpp"

#include <span>
#include <string_view>

namespace heliograph::peer {
namespace {

std::optional<std::chrono::microseconds> time_of(const GstStructure* packet, const char* field) {
  guint64 time = GST_CLOCK_TIME_NONE;
  gst_structure_get_uint64(packet, field, &time);
  if (!GST_CLOCK_TIME_IS_VALID(time)) return std::nullopt;
  return std::chrono::microseconds(static_cast<std::int64_t>(time / 1000));
}

}  // namespace

bool is_feedback(GstEvent* event) {
  const GstStructure* const content =
      GST_EVENT_TYPE(event) == GST_EVENT_CUSTOM_UPSTREAM ? gst_event_get_structure(event) : nullptr;
  return content != nullptr && gst_structure_has_name(content, "RTPTWCCPackets") != FALSE;
}

std::vector<PacketReport> read_feedback(GstEvent* event) {
  std::vector<PacketReport> packets;
  const GValue* const value = gst_structure_get_value(gst_event_get_structure(event), "packets");
  // GLib deprecates GValueArray and its functions, but this is what comes.
  if (value == nullptr || std::string_view(G_VALUE_TYPE_NAME(value)) != "GValueArray") return packets;
  const auto* const list = static_cast<const GValueArray*>(g_value_get_boxed(value));
  for (const GValue& one : std::span(list->values, list->n_values)) {
    if (!GST_VALUE_HOLDS_STRUCTURE(&one)) continue;
    const GstStructure* const packet = gst_value_get_structure(&one);
    const auto sent = time_of(packet, "local-ts");
    if (!sent) continue;
    guint bytes = 0;
    gst_structure_get_uint(packet, "size", &bytes);
    gboolean lost = FALSE;
    gst_structure_get_boolean(packet, "lost", &lost);
    packets.push_back({*sent, lost == FALSE ? time_of(packet, "remote-ts") : std::nullopt, bytes});
  }
  return packets;
}

}  // namespace heliograph::peer
