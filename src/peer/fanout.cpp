// A list that is copied when it changes, and pushes that are counted while they run.
#include "peer/fanout.hpp"

#include <algorithm>

namespace heliograph::peer {

void Fanout::add(std::shared_ptr<SampleTaker> taker) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<List>(*takers_);
  next->push_back(std::move(taker));
  takers_ = std::move(next);
}

void Fanout::remove(const SampleTaker* taker) {
  std::shared_ptr<const List> before;  // Goes after the lock: what it holds may end a pipeline.
  std::unique_lock lock(mutex_);
  before = takers_;
  auto next = std::make_shared<List>(*takers_);
  std::erase_if(*next, [taker](const auto& one) { return one.get() == taker; });
  takers_ = std::move(next);
  pushed_.wait(lock, [this, latest = pushes_]() {
    return std::none_of(running_.begin(), running_.end(), [latest](std::uint64_t push) { return push <= latest; });
  });
}

void Fanout::push(GstSample* sample) {
  ++frames_;
  if (is_key_frame(gst_sample_get_buffer(sample))) ++key_frames_;
  std::shared_ptr<const List> takers;
  std::uint64_t number = 0;
  {
    const std::lock_guard lock(mutex_);
    takers = takers_;
    number = ++pushes_;
    running_.push_back(number);
  }
  for (const auto& taker : *takers) taker->on_sample(sample);
  takers.reset();
  const std::lock_guard lock(mutex_);
  std::erase(running_, number);
  pushed_.notify_all();
}

std::size_t Fanout::size() const {
  const std::lock_guard lock(mutex_);
  return takers_->size();
}

}  // namespace heliograph::peer
