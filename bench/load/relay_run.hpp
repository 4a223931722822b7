// RelayRun: pairs that answer each message with one of their own, so that as many are under way all the time as were
// sent at first; or, at a rate, messages that are sent when their time has come whatever became of those before, and
// whose latency counts from that time. Every message is checked: its sender, its number in the row, and each byte of
// its payload.
#pragma once

#include <array>
#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "load/fleet.hpp"
#include "load/histogram.hpp"

namespace heliograph::bench {

class RelayRun final : public Fleet {
 public:
  RelayRun(const Options& options, Dialect& dialect);
  [[nodiscard]] Result<Report> run() override;

 private:
  using Time = std::chrono::steady_clock::time_point;

  struct Side {
    std::string text;  ///< What it sends; the number in the row is written into it.
    std::size_t payload_at = 0;
    std::uint64_t sent = 0;
    std::uint64_t received = 0;
    std::array<Time, 64> sent_at{};
    std::string seen;  ///< The first text it got, parsed as a whole; later ones differ in the payload only.
    std::size_t seen_at = 0;
  };

  void on_usable(std::size_t) override {}
  void on_message(std::size_t number, std::string_view text) override;
  void send_next(std::size_t number, Time now);
  /// Serves for so long, and sends at the rate when there is one.
  void exchange(double seconds);
  /// The payload of a text that was delivered to `number`; reports and gives nothing when the text is not right.
  [[nodiscard]] std::string_view payload_of(std::size_t number, std::string_view text);
  [[nodiscard]] std::uint64_t total_received() const;
  [[nodiscard]] bool all_arrived() const;

  std::vector<Side> sides_;
  Histogram latency_;
  Time next_send_{};             ///< At a rate.
  std::size_t next_sender_ = 0;  ///< At a rate: they take turns.
  bool answering_ = true;
};

}  // namespace heliograph::bench
