#include "peer/fanout.hpp"

#include <algorithm>

namespace heliograph::peer {

std::shared_ptr<const Fanout::List> Fanout::list() const {
  const std::lock_guard lock(mutex_);
  return takers_;
}

void Fanout::add(std::shared_ptr<SampleTaker> taker) {
  const std::lock_guard lock(mutex_);
  auto next = std::make_shared<List>(*takers_);
  next->push_back(std::move(taker));
  takers_ = std::move(next);
}

void Fanout::remove(const SampleTaker* taker) {
  std::shared_ptr<const List> before;  // Goes after the lock: what it holds may end a pipeline.
  const std::lock_guard lock(mutex_);
  before = takers_;
  auto next = std::make_shared<List>(*takers_);
  std::erase_if(*next, [taker](const auto& one) { return one.get() == taker; });
  takers_ = std::move(next);
}

void Fanout::push(GstSample* sample) {
  ++frames_;
  if (is_key_frame(gst_sample_get_buffer(sample))) ++key_frames_;
  const auto takers = list();
  for (const auto& taker : *takers) taker->on_sample(sample);
}

std::size_t Fanout::size() const { return list()->size(); }

}  // namespace heliograph::peer
