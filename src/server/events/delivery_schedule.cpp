// Lines of entries, and their back-off.
#include "server/events/delivery_schedule.hpp"

#include <algorithm>

namespace heliograph::server::events {

std::optional<std::int64_t> DeliverySchedule::add(std::int64_t number, const std::string& key, WallTime created) {
  std::optional<std::int64_t> dropped;
  if (by_number_.size() >= limits_.max_waiting) dropped = drop_oldest();
  Line& line = lines_[key];
  if (line.entries.empty()) make_ready(key, line, {});
  line.entries.push_back({number, created});
  by_number_.emplace(number, key);
  return dropped;
}

std::optional<DeliverySchedule::Delivery> DeliverySchedule::next(SteadyTime now) {
  const std::size_t most = failures_ > 0 ? 1 : limits_.max_in_flight;
  if (in_flight_ >= most || ready_.empty() || ready_.begin()->not_before > now) return std::nullopt;
  if (failures_ > 0 && now < receiver_not_before_) return std::nullopt;
  const std::string key = ready_.begin()->key;
  ready_.erase(ready_.begin());
  Line& line = lines_.at(key);
  line.is_under_way = true;
  ++line.attempts;
  ++in_flight_;
  const Entry& first = line.entries.front();
  return Delivery{first.number, key, line.attempts, first.created};
}

void DeliverySchedule::on_taken(const std::string& key) {
  failures_ = 0;
  const auto found = lines_.find(key);
  if (found == lines_.end() || !found->second.is_under_way) return;
  Line& line = found->second;
  by_number_.erase(line.entries.front().number);
  line.entries.pop_front();
  line.attempts = 0;
  end_attempt(key, {});
}

void DeliverySchedule::on_refused(const std::string& key, SteadyTime now, double jitter) {
  failures_ = 0;
  const auto found = lines_.find(key);
  if (found == lines_.end() || !found->second.is_under_way) return;
  end_attempt(key, now + wait_after(found->second.attempts, jitter));
}

void DeliverySchedule::on_unreachable(const std::string& key, SteadyTime now, double jitter) {
  failures_ = std::min(failures_ + 1, 30U);
  receiver_not_before_ = std::max(receiver_not_before_, now + wait_after(failures_, jitter));
  const auto found = lines_.find(key);
  if (found == lines_.end() || !found->second.is_under_way) return;
  end_attempt(key, now);
}

void DeliverySchedule::end_attempt(const std::string& key, SteadyTime not_before) {
  --in_flight_;
  Line& line = lines_.at(key);
  line.is_under_way = false;
  if (line.entries.empty()) {
    lines_.erase(key);
    return;
  }
  make_ready(key, line, not_before);
}

void DeliverySchedule::make_ready(const std::string& key, Line& line, SteadyTime not_before) {
  line.not_before = not_before;
  line.turn = ++turns_;
  ready_.insert({not_before, line.turn, key});
}

std::optional<std::int64_t> DeliverySchedule::drop_oldest() {
  for (auto oldest = by_number_.begin(); oldest != by_number_.end(); ++oldest) {
    const std::string key = oldest->second;
    Line& line = lines_.at(key);
    const std::int64_t number = oldest->first;
    if (line.is_under_way && line.entries.front().number == number) continue;
    // Numbers grow, so the oldest of a line is its first, or the one behind a first that is under way: a hot channel's
    // line may be as long as everything that waits, and is not searched.
    if (!line.is_under_way) line.attempts = 0;
    line.entries.erase(line.entries.begin() + (line.is_under_way ? 1 : 0));
    by_number_.erase(oldest);
    if (line.entries.empty()) {
      ready_.erase({line.not_before, line.turn, key});
      lines_.erase(key);
    }
    return number;
  }
  return std::nullopt;
}

std::optional<SteadyTime> DeliverySchedule::next_deadline() const {
  const std::size_t most = failures_ > 0 ? 1 : limits_.max_in_flight;
  if (ready_.empty() || in_flight_ >= most) return std::nullopt;
  const SteadyTime first = ready_.begin()->not_before;
  return failures_ > 0 ? std::max(first, receiver_not_before_) : first;
}

std::optional<WallTime> DeliverySchedule::oldest() const {
  if (by_number_.empty()) return std::nullopt;
  return lines_.at(by_number_.begin()->second).entries.front().created;
}

std::chrono::milliseconds DeliverySchedule::wait_after(unsigned failures, double jitter) {
  const unsigned doublings = std::min(failures == 0 ? 0U : failures - 1, 16U);
  const auto full = std::min(kLongestWait, kFirstWait * (1U << doublings));
  return std::chrono::milliseconds(
      static_cast<std::int64_t>(static_cast<double>(full.count()) * (1.0 - 0.5 * std::clamp(jitter, 0.0, 1.0))));
}

}  // namespace heliograph::server::events
