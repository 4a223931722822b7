// What a source offers, to whom, and its input: from the first viewer to the last, and again after a failure.
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
  using namespace std::chrono_literals;
  const auto refuse = [](const char* why) { return Error{Errc::kInvalidArgument, why}; };
  if (!options.with_video && !options.with_audio) return refuse("a source with neither video nor audio gives nothing");
  if (options.width < 16 || options.height < 16 || options.width > 7680 || options.height > 4320 ||
      options.width % 2 != 0 || options.height % 2 != 0)
    return refuse("width and height must be even, and from 16 to 7680 and 4320");
  if (options.frames_per_second < 1 || options.frames_per_second > 120)
    return refuse("frames_per_second must be from 1 to 120");
  if (options.video_kbps < SourceCore::kLeastVideoKbps || options.video_kbps > SourceCore::kMostVideoKbps)
    return refuse("video_kbps must be from 30 to 100000");
  if (options.audio_kbps < 6 || options.audio_kbps > 510) return refuse("audio_kbps must be from 6 to 510");
  if (options.lowest_video_kbps < 10) return refuse("lowest_video_kbps must be 10 or more");
  if (options.key_frame_interval < 0ms || options.key_frame_interval > 1h)
    return refuse("key_frame_interval must be from 0 to 3600000 ms");
  const auto* const camera = std::get_if<MediaSource::Rtsp>(&options.input);
  if (camera != nullptr && (camera->latency < 0ms || camera->latency > 10s))
    return refuse("Rtsp::latency must be from 0 to 10000 ms");
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
  const Form form = video_form_;
  if (form == Form::kH264 && !can_decode(Codec::kH264)) return false;
  if (form == Form::kVp8 && !can_decode(Codec::kVp8)) return false;
  if (codec == Codec::kVp8) return has_element("vp8enc");
  return has_element("x264enc") || has_element("openh264enc");
}

bool SourceCore::is_wanted() const {
  return std::any_of(kCodecs.begin(), kCodecs.end(), [&](Codec codec) { return is_wanted(codec); });
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
    failed_.erase(codec);
    if (kind_of(codec) == MediaKind::kVideo && needs_encoder(codec)) failed_.erase(kDecoder);
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

void SourceCore::set_path(const SampleTaker* viewer, int kbps) {
  {
    const std::lock_guard lock(mutex_);
    const auto known = paths_.find(viewer);
    if (known == paths_.end()) return;  // It has left; what it said before arrives later.
    known->second = kbps;
  }
  worker_.post([this]() { follow_rates(); });
}

void SourceCore::settle() {
  // From the end to the beginning, so that what is made finds takers; the input goes first when nobody is left.
  const bool is_wanted_at_all = is_wanted();
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
  {
    const std::lock_guard lock(mutex_);
    is_running_ = false;  // Who is told looks.
  }
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
    failed_.clear();
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
