// The half of PeerCore that says what is sent and received, and makes what it takes.
#include <algorithm>
#include <array>
#include <iterator>
#include <utility>

#include "peer/codec_choice.hpp"
#include "peer/peer_core.hpp"
#include "peer/webrtc_abi.hpp"

namespace heliograph::peer {
namespace {

MediaKind kind_of_section(const Section& section) {
  return section.kind == Section::Kind::kAudio ? MediaKind::kAudio : MediaKind::kVideo;
}

int direction_of(bool sends, bool receives) {
  if (sends) return receives ? WebrtcValue::kSendReceive : WebrtcValue::kSendOnly;
  return receives ? WebrtcValue::kReceiveOnly : WebrtcValue::kInactive;
}

}  // namespace

std::vector<Codec> PeerCore::codecs_to_send(MediaKind kind) const {
  std::vector<Codec> codecs;
  if (config_.send == nullptr) return codecs;
  for (const Codec codec : config_.codecs)
    if (kind_of(codec) == kind && config_.send->core()->offers(codec)) codecs.push_back(codec);
  return codecs;
}

GstPtr<GstPad> PeerCore::request_pad(const std::string& caps, int direction) {
  const GstPtr<GstCaps> wanted(gst_caps_from_string(caps.c_str()));
  const GstPtr<GstPadTemplate> pads(static_cast<GstPadTemplate*>(
      gst_object_ref(gst_element_class_get_pad_template(GST_ELEMENT_GET_CLASS(webrtc_.get()), "sink_%u"))));
  GstPtr<GstPad> pad(gst_element_request_pad(webrtc_.get(), pads.get(), nullptr, wanted.get()));
  if (pad == nullptr) return pad;
  GObject* transceiver = nullptr;
  g_object_get(pad.get(), "transceiver", &transceiver, nullptr);
  const ObjectPtr owned(transceiver);
  g_object_set(transceiver, "direction", direction, "codec-preferences", wanted.get(), "do-nack", TRUE, nullptr);
  return pad;
}

void PeerCore::add_transceiver(const std::string& caps, int direction) {
  const GstPtr<GstCaps> wanted(gst_caps_from_string(caps.c_str()));
  GObject* transceiver = nullptr;
  g_signal_emit_by_name(webrtc_.get(), "add-transceiver", direction, wanted.get(), &transceiver);
  const ObjectPtr owned(transceiver);
  if (transceiver != nullptr) g_object_set(transceiver, "do-nack", TRUE, nullptr);
}

void PeerCore::offer_media() {
  for (const MediaKind kind : {MediaKind::kAudio, MediaKind::kVideo}) {
    const bool receives = kind == MediaKind::kVideo ? config_.receive_video : config_.receive_audio;
    const auto sent = formats_to_offer(kind, codecs_to_send(kind));
    if (!sent.empty()) {
      auto pad = request_pad(to_caps_text(sent), direction_of(true, receives));
      if (pad != nullptr) offered_pads_[std::string(to_string(kind))] = {std::move(pad), sent};
    } else if (receives) {
      const auto formats = formats_to_offer(kind, config_.codecs);
      if (!formats.empty()) add_transceiver(to_caps_text(formats), WebrtcValue::kReceiveOnly);
    }
  }
}

void PeerCore::accept_media(const Sdp& sdp) {
  for (const Section& section : sdp.sections) {
    if (section.kind != Section::Kind::kAudio && section.kind != Section::Kind::kVideo) continue;
    const auto found = offered_pads_.find(std::string(to_string(kind_of_section(section))));
    if (found == offered_pads_.end()) continue;
    const auto format = choose_format(section, codecs_to_send(kind_of_section(section)));
    const GstPtr<GstPad> pad = std::move(found->second.pad);
    offered_pads_.erase(found);
    if (format && !section.is_rejected && section.receives) add_sender(pad.get(), *format);
  }
}

void PeerCore::answer_media(const Sdp& sdp) {
  const std::size_t known = remote_ ? remote_->sections.size() : 0;
  for (std::size_t i = known; i < sdp.sections.size(); ++i) {
    const Section& section = sdp.sections[i];
    if (section.kind == Section::Kind::kAudio || section.kind == Section::Kind::kVideo) answer_section(section);
  }
}

void PeerCore::answer_section(const Section& section) {
  const MediaKind kind = kind_of_section(section);
  const bool is_sent_already = std::any_of(senders_.begin(), senders_.end(),
                                           [&](const auto& sender) { return kind_of(sender->codec()) == kind; });
  const bool receives = section.sends && (kind == MediaKind::kVideo ? config_.receive_video : config_.receive_audio);
  if (section.receives && !is_sent_already && !section.is_rejected) {
    if (const auto format = choose_format(section, codecs_to_send(kind))) {
      if (const auto pad = request_pad(to_caps_text(*format), direction_of(true, receives)))
        return add_sender(pad.get(), *format);
    }
  }
  const auto format = choose_format(section, config_.codecs);
  // Without a transceiver of ours webrtcbin would take whatever is sent.
  if (!format)
    return add_transceiver("application/x-rtp,media=(string)" + std::string(to_string(kind)), WebrtcValue::kInactive);
  add_transceiver(to_caps_text(*format), direction_of(false, receives));
}

void PeerCore::add_sender(GstPad* pad, const Format& format) {
  auto sender = Sender::create(pipeline_.get(), pad, format, config_.send->core());
  if (!sender) return report(sender.error());
  if (was_connected_) (*sender)->start();
  reports_->expect((*sender)->ssrc());
  senders_.push_back(*std::move(sender));
}

void PeerCore::follow_tracks() {
  auto told = from_gstreamer([](PeerCore& self, const std::shared_ptr<TrackCore>& track) {
    self.tracks_.push_back(track);
    if (self.handlers_->on_track) self.handlers_->on_track(std::make_shared<MediaTrack>(track));
  });
  auto* const pipeline = GST_BIN_CAST(pipeline_.get());  // Outlives webrtcbin's signals.
  connect_signal<GstPad*>(webrtc_.get(), "pad-added", [pipeline, told, sink = config_.sink](GstPad* pad) {
    if (GST_PAD_DIRECTION(pad) != GST_PAD_SRC) return;
    if (const auto track = TrackCore::follow(pipeline, pad, sink)) told(track);
  });
}

void PeerCore::follow_channels() {
  auto told = from_gstreamer([](PeerCore& self, const std::shared_ptr<ChannelCore>& channel) {
    const auto given = std::make_shared<DataChannel>(channel);
    if (!self.keep(given)) {
      channel->refuse();
      return self.report(self.too_many_channels());
    }
    if (self.handlers_->on_data_channel) self.handlers_->on_data_channel(given);
  });
  GstElement* const webrtc = webrtc_.get();
  connect_signal<GObject*>(webrtc, "on-data-channel", [webrtc, told, gate = gate_, data = data_](GObject* channel) {
    const auto core = ChannelCore::make(static_cast<GObject*>(g_object_ref(channel)), ChannelCore::Origin::kTheirs,
                                        webrtc, gate, data, {});
    // In this order: it gets its handlers in the one, and they are called for what comes of the other.
    told(core);
    core->connect();
  });
}

Error PeerCore::too_many_channels() const {
  return Error{Errc::kClientLimitExceeded,
               "there are as many data channels as there may be: " + std::to_string(config_.most_channels)};
}

void PeerCore::give_channels_up() {
  std::vector<std::shared_ptr<DataChannel>> channels;
  {
    const std::lock_guard lock(mutex_);
    has_channels_ = false;
    channels.swap(channels_);
  }
  for (const auto& channel : channels)
    channel->core()->fail({Errc::kInvalidArgument, "the connection was negotiated without data channels"});
}

bool PeerCore::keep(const std::shared_ptr<DataChannel>& channel) {
  std::vector<std::shared_ptr<DataChannel>> kept;  // Those that are over go without the lock.
  const std::lock_guard lock(mutex_);
  // One that is closed may still have messages that wait for their handler, and its closing as well.
  std::copy_if(channels_.begin(), channels_.end(), std::back_inserter(kept),
               [](const auto& known) { return !known->core()->is_over(); });
  channels_.swap(kept);
  const auto open = std::count_if(channels_.begin(), channels_.end(),
                                  [](const auto& known) { return known->state() != DataChannel::State::kClosed; });
  if (static_cast<std::size_t>(open) >= config_.most_channels) return false;
  channels_.push_back(channel);
  return true;
}

Result<std::shared_ptr<DataChannel>> PeerCore::create_data_channel(std::string label,
                                                                   const DataChannel::Options& options,
                                                                   DataChannel::Handlers handlers) {
  if (options.max_retransmits && options.max_lifetime_ms)
    return Error{Errc::kInvalidArgument, "a channel has max_retransmits or max_lifetime_ms, not both"};
  if (label.size() > 65535 || options.protocol.size() > 65535 || label.find('\0') != std::string::npos)
    return Error{Errc::kInvalidArgument, "a channel's label is too long, or no text"};
  GstPtr<GstElement> webrtc;
  {
    const std::lock_guard lock(mutex_);
    if (has_ended()) return closed();
    if (phase_ != Phase::kNew && !has_channels_)
      return Error{Errc::kInvalidArgument,
                   "the connection was negotiated without data channels; make the first one before the offer"};
    has_channels_ = true;
    webrtc = share(webrtc_.get());
  }
  const GstPtr<GstStructure> settings(gst_structure_new("options", "ordered", G_TYPE_BOOLEAN,
                                                        options.is_ordered ? TRUE : FALSE, "protocol", G_TYPE_STRING,
                                                        options.protocol.c_str(), nullptr));
  if (options.max_retransmits)
    gst_structure_set(settings.get(), "max-retransmits", G_TYPE_INT, static_cast<int>(*options.max_retransmits),
                      nullptr);
  if (options.max_lifetime_ms)
    gst_structure_set(settings.get(), "max-packet-lifetime", G_TYPE_INT, static_cast<int>(*options.max_lifetime_ms),
                      nullptr);
  GObject* channel = nullptr;
  g_signal_emit_by_name(webrtc.get(), "create-data-channel", label.c_str(), settings.get(), &channel);
  if (channel == nullptr) return Error{Errc::kIo, "the data channel \"" + label + "\" cannot be made"};
  const auto core =
      ChannelCore::make(channel, ChannelCore::Origin::kOurs, webrtc.get(), gate_, data_, std::move(handlers));
  const auto made = std::make_shared<DataChannel>(core);
  if (!keep(made)) {
    core->refuse();
    return too_many_channels();
  }
  core->connect();
  return made;
}

}  // namespace heliograph::peer
