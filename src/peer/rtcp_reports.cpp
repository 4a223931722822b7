#include "peer/rtcp_reports.hpp"

#include <gst/rtp/gstrtcpbuffer.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "peer/gst_world.hpp"

namespace heliograph::peer {
namespace {

/// How often a side reports, by itself. RFC 3550 has 5 s, for conferences of thousands; browsers have this.
constexpr guint64 kReportInterval = GST_SECOND;
/// What reports and feedback may take, in bit/s: so much that feedback about a picture never has to wait. What they do
/// take depends on the pictures and losses, since each is told of once.
constexpr double kReportBandwidth = 256'000;
constexpr std::chrono::seconds kLongestRoundTrip{30};  // Beyond, a clock was set.

constexpr std::int64_t kNtpOfUnix = 2'208'988'800;  // 1900 to 1970, in seconds.

std::uint32_t ntp_now() {
  const std::int64_t now = g_get_real_time();
  const std::int64_t fraction = (now % G_USEC_PER_SEC << 16U) / G_USEC_PER_SEC;
  return static_cast<std::uint32_t>(((now / G_USEC_PER_SEC + kNtpOfUnix) << 16U) + fraction);
}

/// By when a report of ours had left (`last_report`), and how long they had had it (`held`), in 1/65536 s.
std::optional<std::chrono::microseconds> round_trip(std::uint32_t now, std::uint32_t last_report, std::uint32_t held) {
  if (last_report == 0) return std::nullopt;
  // On the shortest ways their rounding may make it negative.
  const auto units = std::max<std::int64_t>(static_cast<std::int32_t>(now - last_report - held), 0);
  const std::chrono::microseconds trip(units * G_USEC_PER_SEC >> 16U);
  return trip > kLongestRoundTrip ? std::nullopt : std::optional(trip);
}

}  // namespace

std::shared_ptr<RtcpReports> RtcpReports::watch(GstElement* webrtc) {
  auto reports = std::make_shared<RtcpReports>();
  connect_signal<GstBin*, GstElement*>(webrtc, "deep-element-added",
                                       [reports](GstBin*, GstElement* element) { reports->follow(element); });
  const GstPtr<GstElement> rtpbin(gst_bin_get_by_name(GST_BIN_CAST(webrtc), "rtpbin"));
  if (rtpbin != nullptr)
    connect_signal<GstElement*, guint, guint>(
        rtpbin.get(), "new-jitterbuffer", [reports](GstElement* buffer, guint /*session*/, guint ssrc) {
          const std::lock_guard lock(reports->mutex_);
          std::erase_if(reports->jitter_buffers_, [](const auto& known) { return known.second->get() == nullptr; });
          reports->jitter_buffers_.insert_or_assign(ssrc, std::make_unique<Weak>(buffer));
        });
  return reports;
}

void RtcpReports::follow(GstElement* element) {
  if (kind_of_element(element) != "rtpsession") return;
  g_object_set(element, "rtcp-min-interval", kReportInterval, nullptr);
  GObject* found = nullptr;
  g_object_get(element, "internal-session", &found, nullptr);
  const ObjectPtr session(found);
  if (session == nullptr) return;
  // More at once only now: the first report of all takes the clock rates of those that send without its lock, and trips
  // over one that comes in the same moment.
  connect_signal<GstBuffer*>(
      session.get(), "on-receiving-rtcp",
      [reports = shared_from_this(), session = found, is_first = true](GstBuffer* packet) mutable {
        if (std::exchange(is_first, false)) g_object_set(session, "rtcp-fraction", kReportBandwidth, nullptr);
        reports->on_packet(packet, ntp_now());
      });
}

void RtcpReports::expect(std::uint32_t ssrc) {
  const std::lock_guard lock(mutex_);
  sent_.try_emplace(ssrc);
}

void RtcpReports::on_packet(GstBuffer* packet, std::uint32_t now) {
  GstRTCPBuffer mapped = GST_RTCP_BUFFER_INIT;
  if (gst_rtcp_buffer_map(packet, GST_MAP_READ, &mapped) == FALSE) return;
  const std::lock_guard lock(mutex_);
  GstRTCPPacket part;
  for (gboolean more = gst_rtcp_buffer_get_first_packet(&mapped, &part); more != FALSE;
       more = gst_rtcp_packet_move_to_next(&part)) {
    const GstRTCPType type = gst_rtcp_packet_get_type(&part);
    if (type != GST_RTCP_TYPE_SR && type != GST_RTCP_TYPE_RR) continue;
    for (guint i = 0; i < gst_rtcp_packet_get_rb_count(&part); ++i) {
      guint32 ssrc = 0;
      guint8 fraction = 0;
      gint32 lost = 0;
      guint32 highest = 0;
      guint32 jitter = 0;
      guint32 last_report = 0;
      guint32 held = 0;
      gst_rtcp_packet_get_rb(&part, i, &ssrc, &fraction, &lost, &highest, &jitter, &last_report, &held);
      if (const auto known = sent_.find(ssrc); known != sent_.end())
        known->second = {.packets_lost = lost,
                         .loss = static_cast<double>(fraction) / 256,
                         .jitter = jitter,
                         .round_trip = round_trip(now, last_report, held)};
    }
  }
  gst_rtcp_buffer_unmap(&mapped);
}

std::optional<ReceptionReport> RtcpReports::of_sent(std::uint32_t ssrc) const {
  const std::lock_guard lock(mutex_);
  const auto found = sent_.find(ssrc);
  return found == sent_.end() ? std::nullopt : found->second;
}

std::optional<std::int64_t> RtcpReports::lost_of_received(std::uint32_t ssrc) const {
  ObjectPtr buffer;
  {
    const std::lock_guard lock(mutex_);
    const auto found = jitter_buffers_.find(ssrc);
    if (found != jitter_buffers_.end()) buffer = found->second->get();
  }
  if (buffer == nullptr) return std::nullopt;
  GstStructure* stats = nullptr;
  g_object_get(buffer.get(), "stats", &stats, nullptr);
  const GstPtr<GstStructure> owned(stats);
  guint64 lost = 0;
  if (stats == nullptr || gst_structure_get_uint64(stats, "num-lost", &lost) == FALSE) return std::nullopt;
  return static_cast<std::int64_t>(lost);
}

}  // namespace heliograph::peer
