// Fanout: hands each frame of one encoder, or each picture of one camera, to whoever takes it.
#pragma once

#include <gst/gst.h>

#include <atomic>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <memory>
#include <mutex>
#include <vector>

namespace heliograph::peer {

/// Takes samples whose buffers carry the running time that all pipelines share.
class SampleTaker {
 public:
  SampleTaker() = default;
  SampleTaker(const SampleTaker&) = delete;
  SampleTaker& operator=(const SampleTaker&) = delete;
  virtual ~SampleTaker() = default;
  /// Called on the thread of who makes them, one at a time. Must not wait; takes a reference of what it keeps.
  virtual void on_sample(GstSample* sample) = 0;
};

/// The list is copied when it changes and never while it is gone through, so that nothing is called under the lock.
class Fanout {
 public:
  void add(std::shared_ptr<SampleTaker> taker);
  /// Waits for pushes that may still call the taker or hold it: it could be the last to hold the encoder whose thread
  /// is pushing. Not for takers.
  void remove(const SampleTaker* taker);
  void push(GstSample* sample);
  [[nodiscard]] std::size_t size() const;
  [[nodiscard]] std::uint64_t frames() const noexcept { return frames_; }
  [[nodiscard]] std::uint64_t key_frames() const noexcept { return key_frames_; }

 private:
  using List = std::vector<std::shared_ptr<SampleTaker>>;

  std::atomic<std::uint64_t> frames_{0};
  std::atomic<std::uint64_t> key_frames_{0};
  mutable std::mutex mutex_;
  std::shared_ptr<const List> takers_ = std::make_shared<const List>();
  std::uint64_t pushes_ = 0;
  std::vector<std::uint64_t> running_;  ///< Pushes by their numbers; one, usually.
  std::condition_variable pushed_;
};

/// Whether decoding may begin with the buffer.
[[nodiscard]] inline bool is_key_frame(GstBuffer* buffer) {
  return !GST_BUFFER_FLAG_IS_SET(buffer, GST_BUFFER_FLAG_DELTA_UNIT);
}

}  // namespace heliograph::peer
