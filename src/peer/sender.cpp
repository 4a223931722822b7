// appsrc → packetizer → webrtcbin's pad.
#include "peer/sender.hpp"

#include <gst/video/video.h>

#include <random>
#include <utility>

#include "peer/gst_world.hpp"
#include "peer/packet_feedback.hpp"
#include "peer/stage.hpp"

namespace heliograph::peer {
namespace {

constexpr guint64 kMostVideoWaiting = 8;
constexpr guint64 kMostAudioWaiting = 25;

const char* packetizer(Codec codec) {
  switch (codec) {
    case Codec::kH264:
      return "rtph264pay";
    case Codec::kVp8:
      return "rtpvp8pay";
    case Codec::kOpus:
      return "rtpopuspay";
  }
  return "";
}

/// Answers the packetizer's questions of what may be sent: anything, with the header extension that was agreed on,
/// which it then writes. Asked itself, webrtcbin would insist on the profile that was agreed on, which a source that is
/// passed through may not have, and which decoders do not insist on.
GstPadProbeReturn allow_any(GstPad*, GstPadProbeInfo* info, gpointer caps) {
  GstQuery* const query = gst_pad_probe_info_get_query(info);
  if (GST_QUERY_TYPE(query) == GST_QUERY_ACCEPT_CAPS) {
    gst_query_set_accept_caps_result(query, TRUE);
    return GST_PAD_PROBE_HANDLED;
  }
  if (GST_QUERY_TYPE(query) != GST_QUERY_CAPS) return GST_PAD_PROBE_OK;
  gst_query_set_caps_result(query, static_cast<GstCaps*>(caps));
  return GST_PAD_PROBE_HANDLED;
}

/// What webrtcbin must know of a stream before it takes part in a negotiation, ahead of the first packet.
void announce(GstPad* pad, GstCaps* caps) {
  const std::string id = std::to_string(g_random_int());
  gst_pad_send_event(pad, gst_event_new_stream_start(id.c_str()));
  gst_pad_send_event(pad, gst_event_new_caps(caps));
}

}  // namespace

Sender::Sender(Format format, std::shared_ptr<SourceCore> source)
    : format_(std::move(format)),
      source_(std::move(source)),
      ssrc_(std::random_device()()),
      controller_(source_->options().lowest_video_kbps, source_->ceiling_kbps()) {}

Result<std::shared_ptr<Sender>> Sender::create(GstPipeline* pipeline, GstPad* pad, const Format& format,
                                               std::shared_ptr<SourceCore> source) {
  if (auto found = need_elements({packetizer(format.codec)}); !found) return found.error();
  std::shared_ptr<Sender> sender(new Sender(format, std::move(source)));
  // The source is asked to hold back before this is full: what waits here is sent late.
  GstElement* const queue = make_appsrc(nullptr, 100, false);
  GstElement* const pay = make_element(packetizer(format.codec));
  GstElement* const filter = make_element("capsfilter");
  g_object_set(pay, "pt", static_cast<guint>(format.payload_type), "mtu", 1200U, "ssrc", sender->ssrc_, nullptr);
  if (format.codec == Codec::kH264) {
    // Not -1, before every key frame: it means before every slice of one, and to the receiver a picture ends there.
    g_object_set(pay, "config-interval", 1, nullptr);
    gst_util_set_object_arg(G_OBJECT(pay), "aggregate-mode", "zero-latency");
  }
  if (format.codec == Codec::kVp8) gst_util_set_object_arg(G_OBJECT(pay), "picture-id-mode", "15-bit");
  const GstPtr<GstCaps> caps(gst_caps_from_string((to_caps_text(format)).c_str()));
  // What was agreed on, for those who read it; the packetizer adds what it finds in the stream.
  GstStructure* const announced = gst_caps_get_structure(caps.get(), 0);
  gst_structure_set(announced, "ssrc", G_TYPE_UINT, sender->ssrc_, nullptr);
  gst_bin_add_many(GST_BIN_CAST(pipeline), queue, pay, filter, nullptr);
  if (gst_element_link_many(queue, pay, filter, nullptr) == FALSE) return Error{Errc::kIo, "cannot link a packetizer"};
  announce(pad, caps.get());
  const GstPtr<GstPad> out(gst_element_get_static_pad(filter, "src"));
  if (gst_pad_link(out.get(), pad) != GST_PAD_LINK_OK) return Error{Errc::kIo, "cannot link a track to the connection"};
  sender->queue_ = share(queue);
  const GstPtr<GstPad> packets(gst_element_get_static_pad(pay, "src"));
  const std::string extension = to_extension_text(format);
  GstCaps* const any = gst_caps_from_string(("application/x-rtp" + (extension.empty() ? "" : "," + extension)).c_str());
  gst_pad_add_probe(packets.get(), GST_PAD_PROBE_TYPE_QUERY_DOWNSTREAM, allow_any, any,
                    [](gpointer owned) { gst_caps_unref(static_cast<GstCaps*>(owned)); });
  gst_pad_add_probe(packets.get(), GST_PAD_PROBE_TYPE_EVENT_UPSTREAM, &Sender::on_upstream,
                    std::make_unique<std::weak_ptr<Sender>>(sender).release(),
                    [](gpointer data) { delete static_cast<std::weak_ptr<Sender>*>(data); });
  gst_element_sync_state_with_parent(filter);
  gst_element_sync_state_with_parent(pay);
  gst_element_sync_state_with_parent(queue);
  return sender;
}

GstPadProbeReturn Sender::on_upstream(GstPad*, GstPadProbeInfo* info, gpointer data) {
  GstEvent* const event = gst_pad_probe_info_get_event(info);
  const auto sender = static_cast<std::weak_ptr<Sender>*>(data)->lock();
  if (sender == nullptr) return GST_PAD_PROBE_OK;
  if (gst_video_event_is_force_key_unit(event) != FALSE) sender->source_->request_key_frame(sender->codec());
  // It comes to every stream of the connection.
  if (kind_of(sender->codec()) == MediaKind::kVideo && is_feedback(event)) sender->on_feedback(read_feedback(event));
  return GST_PAD_PROBE_OK;
}

void Sender::start() {
  if (!is_subscribed_.exchange(true)) source_->subscribe(format_.codec, shared_from_this());
}

void Sender::stop() {
  if (is_subscribed_.exchange(false)) source_->unsubscribe(format_.codec, this);
}

void Sender::on_sample(GstSample* sample) {
  const bool is_video = kind_of(format_.codec) == MediaKind::kVideo;
  auto* const queue = GST_APP_SRC_CAST(queue_.get());
  const guint64 waiting = get_number<guint64>(queue, "current-level-buffers");
  FrameGate::Verdict verdict{};
  {
    const std::lock_guard lock(mutex_);
    const bool is_key = !is_video || is_key_frame(gst_sample_get_buffer(sample));
    const bool has_room = waiting < (is_video ? kMostVideoWaiting : kMostAudioWaiting) && (!is_thin_ || is_key);
    verdict = gate_.on_frame(is_key, has_room);
  }
  if (verdict == FrameGate::Verdict::kPass) gst_app_src_push_sample(queue, sample);
  if (verdict == FrameGate::Verdict::kDropAndAsk) source_->request_key_frame(format_.codec);
}

void Sender::on_feedback(const std::vector<PacketReport>& packets) {
  if (!is_subscribed_) return;
  std::optional<PathReport> report;
  {
    const std::lock_guard lock(mutex_);
    report = meter_.on_feedback(std::chrono::steady_clock::now(), packets);
  }
  if (report) follow(*report);
}

void Sender::on_rare_report(const TrackStats& track, std::optional<std::chrono::microseconds> round_trip) {
  if (kind_of(format_.codec) != MediaKind::kVideo || !is_subscribed_) return;
  const SteadyTime now = std::chrono::steady_clock::now();
  PathReport report{.at = now, .loss = track.loss, .sent_kbps = track.kbps};
  {
    const std::lock_guard lock(mutex_);
    const RareReport told{track.packets_lost, track.jitter, round_trip};
    // The same again is the old one: they come when the other side wants to: every second, or every five.
    if (meter_.is_fed(now) || std::exchange(told_before_, told) == told) return;
    if (round_trip) report.queue = round_trip_.on_delay(now, *round_trip);
  }
  follow(report);
}

void Sender::follow(PathReport report) {
  int kbps = 0;
  {
    const std::lock_guard lock(mutex_);
    report.is_blocked = !is_thin_ && gate_.dropped() > dropped_before_;
    dropped_before_ = gate_.dropped();
    controller_.set_ceiling(source_->ceiling_kbps());
    kbps = controller_.on_report(report);
    is_thin_ = controller_.is_below_floor();
  }
  source_->set_path(this, kbps);
}

std::uint64_t Sender::frames() const {
  const std::lock_guard lock(mutex_);
  return gate_.passed();
}

std::uint64_t Sender::frames_dropped() const {
  const std::lock_guard lock(mutex_);
  return gate_.dropped();
}

int Sender::target_kbps() const {
  const std::lock_guard lock(mutex_);
  return controller_.target_kbps();
}

}  // namespace heliograph::peer
