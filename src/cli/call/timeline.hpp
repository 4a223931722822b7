// Timeline: how long each step from the start to the first picture took, by the names of the AWS JavaScript SDK.
#pragma once

#include <boost/json/object.hpp>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace heliograph::cli {

/// Source of the names: README of amazon-kinesis-video-streams-webrtc, "Metrics". Threads: one.
class Timeline {
 public:
  using Time = std::chrono::steady_clock::time_point;

  explicit Timeline(Time start) : start_(start) {}

  /// The first time counts; later ones are of reconnections.
  void begin(std::string_view step, Time now);
  void end(std::string_view step, Time now);
  /// From the start to now.
  void reach(std::string_view step, Time now);
  [[nodiscard]] bool has_ended(std::string_view step) const;

  /// {"signaling-viewer": {"start": 0, "end": 61.2, "duration": 61.2}, …} in milliseconds since the start, by
  /// beginning.
  [[nodiscard]] boost::json::object to_json() const;

 private:
  struct Step {
    std::string name;
    Time begin;
    std::optional<Time> end;
  };
  [[nodiscard]] Step* find(std::string_view step);
  [[nodiscard]] double since_start(Time time) const;

  Time start_;
  std::vector<Step> steps_;
};

}  // namespace heliograph::cli
