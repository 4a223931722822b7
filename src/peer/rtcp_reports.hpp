// RtcpReports: has a connection's RTP sessions report often, and keeps what is reported of each stream.
#pragma once

#include <gst/gst.h>

#include <chrono>
#include <cstdint>
#include <map>
#include <memory>
#include <mutex>
#include <optional>

#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

/// What the other side says of a stream that is sent to it (RFC 3550, 6.4.1).
struct ReceptionReport {
  std::int64_t packets_lost = 0;
  double loss = 0;           ///< 0 to 1, since its report before.
  std::uint32_t jitter = 0;  ///< In the stream's clock rate.
  /// Empty until it has had a report of ours of this stream to answer to.
  std::optional<std::chrono::microseconds> round_trip{};
};

/// webrtcbin of 1.22 keeps of a report only what it says of the last stream in it, and tells that of every stream; and
/// of the streams that come, what the youngest one has lost. Its sessions give reports 5 % of 64 kbit/s, too little for
/// the feedback about packets, which then goes first each time: a receiver never reports, and feedback and requests for
/// lost packets wait for up to half a second.
///
/// Threads: any. Outlives webrtcbin, whose signals hold it.
class RtcpReports : public std::enable_shared_from_this<RtcpReports> {
 public:
  /// Before webrtcbin has any session.
  [[nodiscard]] static std::shared_ptr<RtcpReports> watch(GstElement* webrtc);

  /// Keeps what is said of this stream of ours; of others it is not: whoever reports of them has invented them.
  void expect(std::uint32_t ssrc);
  /// Takes a compound packet. `now`: NTP's time in 1/65536 s, as in reports.
  void on_packet(GstBuffer* packet, std::uint32_t now);

  [[nodiscard]] std::optional<ReceptionReport> of_sent(std::uint32_t ssrc) const;
  /// Packets of a received stream that neither came nor were repaired in time.
  [[nodiscard]] std::optional<std::int64_t> lost_of_received(std::uint32_t ssrc) const;

 private:
  /// A reference that keeps nothing.
  class Weak {
   public:
    explicit Weak(gpointer object) { g_weak_ref_init(&reference_, object); }
    ~Weak() { g_weak_ref_clear(&reference_); }
    Weak(const Weak&) = delete;
    Weak& operator=(const Weak&) = delete;
    /// Null once it is gone.
    [[nodiscard]] ObjectPtr get() { return ObjectPtr(static_cast<GObject*>(g_weak_ref_get(&reference_))); }

   private:
    GWeakRef reference_{};
  };

  void follow(GstElement* element);

  mutable std::mutex mutex_;
  std::map<std::uint32_t, std::optional<ReceptionReport>> sent_;
  std::map<std::uint32_t, std::unique_ptr<Weak>> jitter_buffers_;  ///< By the SSRC of what goes through.
};

}  // namespace heliograph::peer
