// One pass over the lines.
#include "cli/call/line_queue.hpp"

#include <algorithm>
#include <iterator>
#include <set>
#include <string>
#include <utility>

namespace heliograph::cli {

using Kind = ChatInput::Kind;

void LineQueue::flush(const Send& send, const std::function<bool()>& has_room) {
  std::set<std::string> absent;
  std::deque<ChatInput> left;
  while (!lines_.empty() && has_room()) {
    const bool is_to_one = lines_.front().kind == Kind::kTo;
    const bool is_held = is_to_one && absent.contains(lines_.front().to);
    if (is_held || send(lines_.front()) == Sent::kWait) {
      if (!is_to_one) break;  // Nobody at all is there.
      absent.insert(lines_.front().to);
      left.push_back(std::move(lines_.front()));
    }
    lines_.pop_front();
  }
  is_stuck_ = lines_.empty() && !left.empty();
  std::move(left.rbegin(), left.rend(), std::front_inserter(lines_));
}

std::vector<ChatInput> LineQueue::give_up(Time now, bool has_ended) {
  if (!is_stuck_ || (!has_ended && !is_full()))
    stuck_since_.reset();
  else if (!stuck_since_)
    stuck_since_ = now;
  if (!stuck_since_ || now - *stuck_since_ < kAbsence) return {};
  stuck_since_.reset();
  is_stuck_ = false;
  auto lines = std::exchange(lines_, {});
  return {std::make_move_iterator(lines.begin()), std::make_move_iterator(lines.end())};
}

}  // namespace heliograph::cli
