// The part of SourceCore that starts and ends its encoders and its decoder, and has them keep to a bitrate.
#include <algorithm>
#include <string>
#include <utility>

#include "peer/source_core.hpp"

namespace heliograph::peer {

std::shared_ptr<Stage> SourceCore::encoder(Codec codec) const {
  const std::lock_guard lock(mutex_);
  const auto found = encoders_.find(codec);
  return found == encoders_.end() ? nullptr : found->second;
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
  ceiling_kbps_ = std::clamp(most, kLeastVideoKbps, kMostVideoKbps);
  worker_.post([this]() { follow_rates(); });
}

void SourceCore::settle_encoder(Codec codec) {
  const auto stage = encoder(codec);
  const bool is_needed = is_wanted(codec) && needs_encoder(codec) && !failed_.contains(codec);
  if (is_needed == (stage != nullptr)) return;
  Fanout& in = codec == Codec::kOpus ? raw_audio_ : raw_video_;
  if (!is_needed) {
    in.remove(stage.get());
    numbers_.erase(codec);
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
  const auto failed = failure_of(codec);
  auto made = Stage::encoder(settings, out(codec), failed);
  if (!made) return failed(made.error());  // Told when the input runs: it is none of its matters.
  {
    const std::lock_guard lock(mutex_);
    encoders_[codec] = *made;
  }
  in.add(*std::move(made));
}

void SourceCore::settle_decoder() {
  const Form form = video_form_;
  const bool is_coded = form == Form::kH264 || form == Form::kVp8;
  const bool is_needed =
      is_coded && (encoder(Codec::kH264) != nullptr || encoder(Codec::kVp8) != nullptr) && !failed_.contains(kDecoder);
  if (is_needed == (decoder_ != nullptr)) return;
  if (!is_needed) {
    coded_video_.remove(decoder_.get());
    numbers_.erase(kDecoder);
    decoder_.reset();
    return;
  }
  const Codec codec = form == Form::kVp8 ? Codec::kVp8 : Codec::kH264;
  const auto failed = failure_of(kDecoder);
  auto made = Stage::decoder(raw_video_, [this, codec]() { request_key_frame(codec); }, failed);
  if (!made) return failed(made.error());
  decoder_ = *std::move(made);
  coded_video_.add(decoder_);
}

std::function<void(const Error&)> SourceCore::failure_of(StageKey key) {
  const std::uint64_t number = ++stages_made_;
  numbers_[key] = number;
  return [this, key, number](const Error& error) {
    worker_.post([this, key, number, error]() {
      if (numbers_[key] == number) fail_stage(key, error);
    });
  };
}

void SourceCore::fail_stage(StageKey key, const Error& error) {
  if (!failed_.insert(key).second) return;
  const std::string what = key == kDecoder
                               ? "what is sent cannot be decoded for those who take another codec: "
                               : "nothing can be encoded for those who take " + std::string(to_string(*key)) + ": ";
  tell({error.code, what + error.detail});
  settle();  // Which ends it.
}

}  // namespace heliograph::peer
