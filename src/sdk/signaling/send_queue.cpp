// The rules are those of send_queue.hpp.
#include "sdk/signaling/send_queue.hpp"

#include <algorithm>

namespace heliograph::sdk {
namespace {

Error superseded() { return {Errc::kReplaced, "a newer offer or answer to the same recipient took its place"}; }

bool is_description(wire::MessageType type) { return type != wire::MessageType::kIceCandidate; }

}  // namespace

void SendQueue::push(QueuedMessage message, Finished& finished) {
  if (is_description(message.type)) {
    const auto is_older_one = [&message](const Timed& one) {
      return one.entry.message.type == message.type && one.entry.message.recipient == message.recipient;
    };
    std::erase_if(confirmed_, is_older_one);
    std::erase_if(waiting_, is_older_one);
    for (auto it = entries_.begin(); it != entries_.end();) {
      const bool is_older = it->message.type == message.type && it->message.recipient == message.recipient;
      if (!is_older || it->is_written) {
        it->is_superseded = it->is_superseded || is_older;
        ++it;
        continue;
      }
      finished.emplace_back(std::move(it->message.sent), superseded());
      it = entries_.erase(it);
    }
  }
  entries_.push_back({.serial = ++last_serial_, .message = std::move(message)});
}

SendQueue::ToWrite SendQueue::take_next() {
  const auto next = std::find_if(entries_.begin(), entries_.end(), [](const Entry& one) { return !one.is_written; });
  if (next == entries_.end()) return {};
  next->is_written = true;
  return {&next->message, next->serial};
}

std::optional<std::uint64_t> SendQueue::last_written() const {
  std::optional<std::uint64_t> last;
  for (const Entry& one : entries_)
    if (one.is_written) last = one.serial;
  return last;
}

void SendQueue::on_confirmed(SteadyTime now, std::uint64_t serial, Finished& finished) {
  forget_confirmed(now);
  while (!entries_.empty() && entries_.front().serial <= serial && entries_.front().is_written) {
    Entry& front = entries_.front();
    finished.emplace_back(std::exchange(front.message.sent, nullptr), Result<void>{});
    front.is_in_doubt = true;
    if (!front.is_superseded) confirmed_.push_back({now, std::move(front)});
    entries_.pop_front();
  }
  while (confirmed_.size() > kMostConfirmed) confirmed_.pop_front();
}

void SendQueue::forget_confirmed(SteadyTime now) {
  while (!confirmed_.empty() && now - confirmed_.front().at > kDoubt) confirmed_.pop_front();
}

void SendQueue::refuse(SteadyTime now, std::uint64_t serial, const Error& why, Finished& finished) {
  const auto found =
      std::find_if(entries_.begin(), entries_.end(), [serial](const Entry& one) { return one.serial == serial; });
  if (found == entries_.end()) return;
  if (found->is_in_doubt && why.code == Errc::kClientLimitExceeded)
    waiting_.push_back({now + kRetry, std::move(*found)});
  else
    finished.emplace_back(std::move(found->message.sent), why);
  entries_.erase(found);
}

void SendQueue::on_lost(SteadyTime now, End how, Finished& finished) {
  forget_confirmed(now);
  for (; how == End::kBroken && !confirmed_.empty(); confirmed_.pop_back())
    entries_.push_front(std::move(confirmed_.back().entry));
  confirmed_.clear();
  wake(SteadyTime::max());
  for (auto it = entries_.begin(); it != entries_.end();) {
    it->is_written = false;
    if (!it->is_superseded) {
      ++it;
      continue;
    }
    finished.emplace_back(std::move(it->message.sent), superseded());
    it = entries_.erase(it);
  }
}

void SendQueue::wake(SteadyTime now) {
  for (; !waiting_.empty() && waiting_.front().at <= now; waiting_.pop_front()) {
    Entry& entry = waiting_.front().entry;
    entry.serial = ++last_serial_;
    entry.is_written = false;
    entries_.push_back(std::move(entry));
  }
}

void SendQueue::expire(SteadyTime now, Finished& finished) {
  std::erase_if(waiting_, [now](const Timed& one) { return one.entry.message.deadline <= now; });
  for (auto it = entries_.begin(); it != entries_.end();) {
    if (it->message.deadline > now) {
      ++it;
      continue;
    }
    finished.emplace_back(std::move(it->message.sent),
                          Error{Errc::kTimeout, "the service did not confirm the message in time"});
    it = entries_.erase(it);
  }
}

void SendQueue::end_all(const Error& why, Finished& finished) {
  for (Entry& one : entries_) finished.emplace_back(std::move(one.message.sent), why);
  entries_.clear();
  confirmed_.clear();
  waiting_.clear();
}

std::optional<SteadyTime> SendQueue::next_deadline() const {
  std::optional<SteadyTime> next;
  for (const Entry& one : entries_)
    if (!next || one.message.deadline < *next) next = one.message.deadline;
  if (!waiting_.empty() && (!next || waiting_.front().at < *next)) next = waiting_.front().at;
  return next;
}

}  // namespace heliograph::sdk
