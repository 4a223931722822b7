// A list of steps.
#include "cli/call/timeline.hpp"

#include <algorithm>
#include <cmath>

namespace heliograph::cli {

Timeline::Step* Timeline::find(std::string_view step) {
  const auto found = std::find_if(steps_.begin(), steps_.end(), [step](const Step& each) { return each.name == step; });
  return found == steps_.end() ? nullptr : &*found;
}

void Timeline::begin(std::string_view step, Time now) {
  if (find(step) == nullptr) steps_.push_back({std::string(step), now, std::nullopt});
}

void Timeline::end(std::string_view step, Time now) {
  if (Step* found = find(step); found != nullptr && !found->end) found->end = now;
}

void Timeline::reach(std::string_view step, Time now) {
  begin(step, start_);
  end(step, now);
}

bool Timeline::has_ended(std::string_view step) const {
  return std::any_of(steps_.begin(), steps_.end(), [step](const Step& each) { return each.name == step && each.end; });
}

double Timeline::since_start(Time time) const {
  const std::chrono::duration<double, std::milli> span = time - start_;
  return std::round(span.count() * 10) / 10;
}

boost::json::object Timeline::to_json() const {
  boost::json::object all;
  for (const Step& step : steps_) {
    if (!step.end) continue;
    const double begin = since_start(step.begin);
    const double end = since_start(*step.end);
    all[step.name] = {{"start", begin}, {"end", end}, {"duration", std::round((end - begin) * 10) / 10}};
  }
  return all;
}

}  // namespace heliograph::cli
