#include "peer/source_core.hpp"

#include <algorithm>
#include <array>
#include <limits>
#include <string_view>
#include <utility>

#include "peer/gst_world.hpp"
#include "peer/input_errors.hpp"
#include "peer/loop_gate.hpp"

namespace heliograph::peer {
namespace {

constexpr std::array kCodecs = {Codec::kH264, Codec::kVp8, Codec::kOpus};
constexpr std::array<int, 6> kRetrySeconds = {1, 2, 5, 10, 20, 30};
constexpr std::chrono::seconds kSilence{10};
/// Of a viewer that has said nothing yet: it holds nobody back.
constexpr int kUnknownPath = std::numeric_limits<int>::max();

bool has_handlers(const MediaSource::Handlers& handlers) {
  return handlers.on_error || handlers.on_end || handlers.on_key_frame_request || handlers.on_bitrate;
}

Result<void> check(const MediaSource::Options& options) {
  const auto refuse = [](const char* why) { return Error{Errc::kInvalidArgument, why}; };
  if (!options.with_video && !options.with_audio) return refuse("a source with neither video nor audio gives nothing");
  if (options.width < 16 || options.height < 16 || options.width > 7680 || options.height > 4320 ||
      options.width % 2 != 0 || options.height % 2 != 0)
    return refuse("width and height must be even, and from 16 to 7680 and 4320");
  if (options.frames_per_second < 1 || options.frames_per_second > 120)
    return refuse("frames_per_second must be from 1 to 120");
  if (options.video_kbps < 30 || options.video_kbps > 100'000) return refuse("video_kbps must be from 30 to 100000");
  if (options.audio_kbps < 6 || options.audio_kbps > 510) return refuse("audio_kbps must be from 6 to 510");
  if (options.lowest_video_kbps < 10) return refuse("lowest_video_kbps must be 10 or more");
  return Input::check(options);
}

}  // namespace

Result<std::shared_ptr<SourceCore>> SourceCore::create(MediaSource::Options options, MediaSource::Handlers handlers) {
  if (auto started = start_gstreamer(); !started) return started.error();
  if (auto found = need_elements({"appsrc", "appsink"}); !found) return found.error();
  if (auto fits = check(options); !fits) return fits.error();
  if (options.loop == nullptr && has_handlers(handlers)) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    options.loop = *std::move(loop);
  }
  return std::shared_ptr<SourceCore>(new SourceCore(std::move(options), std::move(handlers)));
}

SourceCore::SourceCore(MediaSource::Options options, MediaSource::Handlers handlers)
    : options_(std::move(options)),
      handlers_(std::make_shared<const MediaSource::Handlers>(std::move(handlers))),
      gate_(make_gate(options_.loop, options_.log)),
      ceiling_kbps_(options_.video_kbps),
      target_kbps_(options_.video_kbps) {
  const auto* const application = std::get_if<MediaSource::Application>(&options_.input);
  const bool is_raw = std::holds_alternative<MediaSource::TestPattern>(options_.input) ||
                      std::holds_alternative<MediaSource::Camera>(options_.input);
  if (is_raw || (application != nullptr && !application->video)) video_form_ = Form::kRaw;
  if (application != nullptr && application->video)
    video_form_ = *application->video == Codec::kVp8 ? Form::kVp8 : Form::kH264;
  if (std::holds_alternative<MediaSource::H264Stream>(options_.input)) video_form_ = Form::kH264;
  if (is_raw) audio_form_ = Form::kRaw;
  if (application != nullptr) audio_form_ = Form::kOpus;
}

SourceCore::~SourceCore() {
  gate_->close();
  worker_.stop();
  input_.reset();
  decoder_.reset();
  encoders_.clear();
}

bool SourceCore::offers(Codec codec) const {
  if (codec == Codec::kOpus) {
    if (!options_.with_audio || std::holds_alternative<MediaSource::H264Stream>(options_.input)) return false;
    if (const auto* const test = std::get_if<MediaSource::TestPattern>(&options_.input))
      return test->with_tone && has_element("opusenc");
    if (const auto* const camera = std::get_if<MediaSource::Camera>(&options_.input))
      return !camera->microphone.empty() && has_element("opusenc");
    if (const auto* const application = std::get_if<MediaSource::Application>(&options_.input))
      return application->with_opus;
    return has_element("opusenc");
  }
  if (!options_.with_video) return false;
  if (!needs_encoder(codec)) return true;
  if (codec == Codec::kVp8) return has_element("vp8enc");
  return has_element("x264enc") || has_element("openh264enc");
}

bool SourceCore::is_wanted(Codec codec) const { return encoded_[static_cast<std::size_t>(codec)].size() > 0; }

bool SourceCore::needs_encoder(Codec codec) const {
  const Form form = kind_of(codec) == MediaKind::kVideo ? video_form_ : audio_form_;
  switch (form) {
    case Form::kUnknown:
      return false;
    case Form::kRaw:
      return true;
    case Form::kH264:
      return codec != Codec::kH264;
    case Form::kVp8:
      return codec != Codec::kVp8;
    case Form::kOpus:
      return false;
  }
  return false;
}

void SourceCore::subscribe(Codec codec, std::shared_ptr<SampleTaker> taker) {
  {
    const std::lock_guard lock(mutex_);
    paths_[taker.get()] = kUnknownPath;
  }
  out(codec).add(std::move(taker));
  worker_.post([this, codec]() {
    settle();
    if (const auto stage = encoder(codec)) stage->request_key_frame();
  });
}

void SourceCore::unsubscribe(Codec codec, const SampleTaker* taker) {
  out(codec).remove(taker);
  {
    const std::lock_guard lock(mutex_);
    paths_.erase(taker);
  }
  worker_.post([this]() {
    settle();
    follow_rates();
  });
}

void SourceCore::request_key_frame(Codec codec) {
  // Not here: this may be the encoder's own thread, which must not be the last to hold it.
  worker_.post([this, codec]() {
    if (const auto stage = encoder(codec)) {
      stage->request_key_frame();
    } else if (handlers_->on_key_frame_request) {
      gate_->post([handlers = handlers_]() { handlers->on_key_frame_request(); });
    }
  });
}

std::shared_ptr<Stage> SourceCore::encoder(Codec codec) const {
  const std::lock_guard lock(mutex_);
  const auto found = encoders_.find(codec);
  return found == encoders_.end() ? nullptr : found->second;
}

void SourceCore::set_path(const SampleTaker* viewer, int kbps) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = paths_.find(viewer);
    if (known == paths_.end()) return;  // It has left; what it said before arrives later.
    known->second = kbps;
  }
  worker_.post([this]() { follow_rates(); });
}

void SourceCore::follow_rates() {
  int target = ceiling_kbps_;
  {
    const std::lock_guard lock(mutex_);
    for (const auto& [viewer, kbps] : paths_) target = std::min(target, kbps);
  }
  target = std::max(target, std::min(options_.lowest_video_kbps, ceiling_kbps_.load()));
  const int before = target_kbps_;
  // Encoders do not like to be told every second; a fall is told at once.
  if (target != ceiling_kbps_ && target > before && target < before + before / 20) return;
  if (target == before) return;
  target_kbps_ = target;
  for (const Codec codec : {Codec::kH264, Codec::kVp8})
    if (const auto stage = encoder(codec)) stage->set_kbps(target);
  if (handlers_->on_bitrate) gate_->post([handlers = handlers_, target]() { handlers->on_bitrate(target); });
}

void SourceCore::set_video_kbps(int most) {
  ceiling_kbps_ = std::max(most, 30);
  worker_.post([this]() { follow_rates(); });
}

void SourceCore::settle() {
  // From the end to the beginning, so that what is made finds takers; the input goes first when nobody is left.
  const bool is_wanted_at_all = std::any_of(kCodecs.begin(), kCodecs.end(), [&](Codec c) { return is_wanted(c); });
  if (!is_wanted_at_all) {
    input_.reset();
    has_failed_ = false;
    failures_ = 0;
  }
  for (const Codec codec : kCodecs) settle_encoder(codec);
  settle_decoder();
  if (is_wanted_at_all) settle_input();
  const std::lock_guard lock(mutex_);
  is_running_ = input_ != nullptr;
}

void SourceCore::settle_encoder(Codec codec) {
  const auto stage = encoder(codec);
  const bool is_needed = is_wanted(codec) && needs_encoder(codec);
  if (is_needed == (stage != nullptr)) return;
  Fanout& in = codec == Codec::kOpus ? raw_audio_ : raw_video_;
  if (!is_needed) {
    in.remove(stage.get());
    const std::lock_guard lock(mutex_);
    encoders_.erase(codec);  // `stage` ends it, after the lock.
    return;
  }
  const EncoderSettings settings{
      .codec = codec,
      .kbps = codec == Codec::kOpus ? options_.audio_kbps : target_kbps_.load(),
      .frames_per_second = options_.frames_per_second,
      .key_frame_ms = static_cast<int>(options_.key_frame_interval.count()),
  };
  auto made = Stage::encoder(settings, out(codec), [this](const Error& error) { on_failure(error); });
  if (!made) return on_failure(made.error());
  {
    const std::lock_guard lock(mutex_);
    encoders_[codec] = *made;
  }
  in.add(*std::move(made));
}

void SourceCore::settle_decoder() {
  const Form form = video_form_;
  const bool is_coded = form == Form::kH264 || form == Form::kVp8;
  const bool is_needed = is_coded && (encoder(Codec::kH264) != nullptr || encoder(Codec::kVp8) != nullptr);
  if (is_needed == (decoder_ != nullptr)) return;
  if (!is_needed) {
    coded_video_.remove(decoder_.get());
    decoder_.reset();
    return;
  }
  const Codec codec = form == Form::kVp8 ? Codec::kVp8 : Codec::kH264;
  auto made = Stage::decoder(
      raw_video_, [this, codec]() { request_key_frame(codec); }, [this](const Error& error) { on_failure(error); });
  if (!made) return on_failure(made.error());
  decoder_ = *std::move(made);
  coded_video_.add(decoder_);
}

void SourceCore::settle_input() {
  if (input_ != nullptr || has_failed_) return;
  auto made =
      Input::start(options_, {.on_sample = [this](MediaKind kind, GstSample* sample) { on_input(kind, sample); },
                              .on_error = [this](const Error& error) { on_failure(error); },
                              .on_lack = [this](const Error& error) { tell(error); },
                              .on_end =
                                  [this]() {
                                    if (handlers_->on_end)
                                      gate_->post([handlers = handlers_]() { handlers->on_end(); });
                                  }});
  if (!made) return fail(made.error());
  input_ = *std::move(made);
  watch_silence();
}

void SourceCore::on_failure(const Error& error) {
  worker_.post([this, error]() { fail(error); });
}

void SourceCore::tell(const Error& error) {
  gate_->log(LogLevel::kWarning, "media source: " + error.detail);
  if (handlers_->on_error) gate_->post([handlers = handlers_, error]() { handlers->on_error(error); });
}

void SourceCore::fail(Error error) {
  if (has_failed_) return;
  has_failed_ = true;
  input_.reset();
  if (!std::holds_alternative<MediaSource::Rtsp>(options_.input)) {
    tell(error);
    return settle();
  }
  if (has_given_.exchange(false)) failures_ = 0;
  const auto pause =
      kRetrySeconds[std::min<std::size_t>(static_cast<std::size_t>(failures_++), kRetrySeconds.size() - 1)];
  error.detail += " (tried again in " + std::to_string(pause) + " s)";
  tell(error);
  worker_.post_after(std::chrono::seconds(pause), [this]() {
    has_failed_ = false;
    settle();
  });
}

void SourceCore::watch_silence() {
  // Who is switched off does not hang up, and TCP waits for a quarter of an hour.
  if (!std::holds_alternative<MediaSource::Rtsp>(options_.input) || std::exchange(is_watched_, true)) return;
  worker_.post_after(kSilence / 5, [this]() {
    is_watched_ = false;
    if (input_ == nullptr) return;
    if (input_->silence() > kSilence) return fail(fell_silent(std::get<MediaSource::Rtsp>(options_.input)));
    watch_silence();
  });
}

void SourceCore::on_input(MediaKind kind, GstSample* sample) {
  GstCaps* const caps = gst_sample_get_caps(sample);
  const std::string_view name = gst_structure_get_name(gst_caps_get_structure(caps, 0));
  const Form form = name == "video/x-h264"   ? Form::kH264
                    : name == "video/x-vp8"  ? Form::kVp8
                    : name == "audio/x-opus" ? Form::kOpus
                                             : Form::kRaw;
  has_given_ = true;
  auto& known = kind == MediaKind::kVideo ? video_form_ : audio_form_;
  if (known.exchange(form) != form) worker_.post([this]() { settle(); });
  switch (form) {
    case Form::kRaw:
      return (kind == MediaKind::kVideo ? raw_video_ : raw_audio_).push(sample);
    case Form::kH264:
    case Form::kVp8:
      coded_video_.push(sample);
      return out(form == Form::kH264 ? Codec::kH264 : Codec::kVp8).push(sample);
    case Form::kOpus:
      return out(Codec::kOpus).push(sample);
    case Form::kUnknown:
      return;
  }
}

GstClockTime SourceCore::stamp(std::chrono::nanoseconds timestamp) {
  const std::lock_guard lock(mutex_);
  const auto now = static_cast<GstClockTimeDiff>(now_in_pipelines());
  const GstClockTimeDiff shown = timestamp.count() + push_offset_.value_or(now - timestamp.count());
  // A clock of the application's that jumps would end the viewers' jitter buffers; before zero there is no time at all.
  const bool has_jumped = shown < 0 || shown < now - 5 * static_cast<GstClockTimeDiff>(GST_SECOND) ||
                          shown > now + 5 * static_cast<GstClockTimeDiff>(GST_SECOND);
  if (!push_offset_ || has_jumped) push_offset_ = now - timestamp.count();
  return static_cast<GstClockTime>(timestamp.count() + *push_offset_);
}

Result<void> SourceCore::push(const EncodedFrame& frame) {
  const auto* const application = std::get_if<MediaSource::Application>(&options_.input);
  const bool fits = application != nullptr &&
                    (frame.codec == Codec::kOpus ? application->with_opus : application->video == frame.codec);
  if (!fits || frame.data.empty())
    return Error{Errc::kInvalidArgument, "this source takes no frames of " + std::string(to_string(frame.codec))};
  if (!std::any_of(kCodecs.begin(), kCodecs.end(), [&](Codec c) { return is_wanted(c); })) return {};
  const char* const text = frame.codec == Codec::kH264  ? "video/x-h264,stream-format=byte-stream,alignment=au"
                           : frame.codec == Codec::kVp8 ? "video/x-vp8"
                                                        : "audio/x-opus,channel-mapping-family=0,channels=2,rate=48000";
  const GstPtr<GstCaps> caps(gst_caps_from_string(text));
  const GstPtr<GstBuffer> buffer(gst_buffer_new_memdup(frame.data.data(), frame.data.size()));
  GST_BUFFER_PTS(buffer.get()) = stamp(frame.timestamp);
  if (frame.duration.count() > 0) GST_BUFFER_DURATION(buffer.get()) = static_cast<GstClockTime>(frame.duration.count());
  if (!frame.is_key && frame.codec != Codec::kOpus) GST_BUFFER_FLAG_SET(buffer.get(), GST_BUFFER_FLAG_DELTA_UNIT);
  const GstPtr<GstSample> sample(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
  on_input(kind_of(frame.codec), sample.get());
  return {};
}

Result<void> SourceCore::push_picture(std::span<const std::byte> i420, std::chrono::nanoseconds timestamp) {
  const auto* const application = std::get_if<MediaSource::Application>(&options_.input);
  if (application == nullptr || application->video)
    return Error{Errc::kInvalidArgument, "this source takes no pictures: give Application an empty video codec"};
  const auto luma = static_cast<std::size_t>(options_.width) * static_cast<std::size_t>(options_.height);
  if (i420.size() != luma + luma / 2 || options_.width % 8 != 0)
    return Error{Errc::kInvalidArgument,
                 "a picture must have width * height * 3 / 2 bytes, and a width of 8 times something"};
  if (raw_video_.size() == 0) return {};
  const GstPtr<GstCaps> caps(gst_caps_from_string(raw_video_caps(options_).c_str()));
  const GstPtr<GstBuffer> buffer(gst_buffer_new_memdup(i420.data(), i420.size()));
  GST_BUFFER_PTS(buffer.get()) = stamp(timestamp);
  const GstPtr<GstSample> sample(gst_sample_new(buffer.get(), caps.get(), nullptr, nullptr));
  on_input(MediaKind::kVideo, sample.get());
  return {};
}

MediaSource::Stats SourceCore::stats() const {
  MediaSource::Stats stats;
  stats.viewers = std::max(
      is_wanted(Codec::kOpus) ? encoded_[static_cast<std::size_t>(Codec::kOpus)].size() : 0,
      encoded_[static_cast<std::size_t>(Codec::kH264)].size() + encoded_[static_cast<std::size_t>(Codec::kVp8)].size());
  stats.target_video_kbps = target_kbps_;
  for (const Codec codec : {Codec::kH264, Codec::kVp8}) {
    stats.video_frames += encoded_[static_cast<std::size_t>(codec)].frames();
    stats.key_frames += encoded_[static_cast<std::size_t>(codec)].key_frames();
  }
  const std::lock_guard lock(mutex_);
  stats.is_running = is_running_;
  for (const auto& [codec, stage] : encoders_) stats.encoders.push_back(codec);
  return stats;
}

}  // namespace heliograph::peer
