// Stage: one small pipeline from samples to samples: an encoder, or a decoder before one.
#pragma once

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>

#include <atomic>
#include <functional>
#include <memory>
#include <mutex>
#include <string>

#include "heliograph/media.hpp"
#include "heliograph/result.hpp"
#include "peer/fanout.hpp"
#include "peer/frame_gate.hpp"
#include "peer/gst_ptr.hpp"

namespace heliograph::peer {

/// Has a function called with every sample of an appsink, on its thread, stamped with the running time that all
/// pipelines share. Samples without a time are left out.
void on_each_sample(GstElement* appsink, GstElement* pipeline, std::function<void(GstSample*)> call);

/// An appsink that lets its pipeline go at once (`paced` false) or at the pace of its timestamps.
[[nodiscard]] GstElement* make_appsink(const char* caps, bool paced);
/// An appsrc for live samples in time. `most` is how many may wait; a further one displaces the oldest, or is for the
/// caller to hold back when `displaces` is false.
[[nodiscard]] GstElement* make_appsrc(const char* name, unsigned most, bool displaces);

/// Elements in a row, as gst-launch reads them, as one element. Fails with kServiceUnavailable.
[[nodiscard]] Result<GstElement*> make_bin(const std::string& description);
/// The same with a decoder for whatever comes in the middle. `before` may be empty.
[[nodiscard]] Result<GstElement*> make_decoding_bin(const std::string& before, const std::string& after);

/// Whether GStreamer has a decoder that make_decoding_bin() would take.
[[nodiscard]] bool can_decode(Codec codec);

struct EncoderSettings {
  Codec codec{};
  int kbps = 0;
  int frames_per_second = 30;
  int key_frame_ms = 4000;
};

class Stage final : public SampleTaker {
 public:
  /// Takes I420 pictures or 48 kHz sound. Fails with kServiceUnavailable.
  [[nodiscard]] static Result<std::shared_ptr<Stage>> encoder(const EncoderSettings& settings, Fanout& out,
                                                              std::function<void(const Error&)> on_error);
  /// Takes H.264 or VP8; gives I420 of the size it has. `ask` is called when only a key frame helps.
  [[nodiscard]] static Result<std::shared_ptr<Stage>> decoder(Fanout& out, std::function<void()> ask,
                                                              std::function<void(const Error&)> on_error);
  /// Waits until its threads have ended.
  ~Stage() override;

  void on_sample(GstSample* sample) override;
  /// Soon, and no more often than is good for all viewers.
  void request_key_frame();
  void set_kbps(int kbps);

 private:
  Stage() = default;
  /// Takes the element.
  [[nodiscard]] Result<void> build(GstElement* middle, Fanout& out, std::function<void(const Error&)> on_error);
  void force_key_frame() const;
  /// Of a decoder: whether what came before the frame was taken, too.
  [[nodiscard]] bool may_decode(GstSample* sample);

  GstPtr<GstPipeline> pipeline_;
  GstPtr<GstElement> source_;
  GstPtr<GstElement> encoder_;  ///< Null in a decoder.
  Codec codec_{};
  std::function<void()> ask_;  ///< Empty in an encoder.
  std::mutex mutex_;
  FrameGate gate_;
  KeyFrameLimiter limiter_{std::chrono::milliseconds(500)};
};

}  // namespace heliograph::peer
