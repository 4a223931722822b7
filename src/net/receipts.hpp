// Receipts: pongs that wait until what came before their pings has been handed to the kernel.
//
// Clients take the answer to a ping for the receipt of what they sent before it (the C++ SDK sends again only what was
// not confirmed). So a pong must not leave while such a message is still in this process, which may be killed: it is
// written after the outboxes of its turn, and when messages went to other workers, after those have written theirs.
// What a recipient's socket has no room for does not hold it up.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace heliograph::net {

/// Sans-I/O. Threads: one; a worker has its own.
class Receipts {
 public:
  struct Pong {
    std::uint64_t to = 0;  ///< Serial of the connection.
    std::string payload;
  };
  /// What to do when the outboxes of a turn are written.
  struct Round {
    std::vector<Pong> ready;  ///< Write these now.
    std::vector<std::uint32_t>
        workers{};  ///< Ask these to say `number` when they have written all that they were sent.
    std::uint64_t number = 0;
  };

  explicit Receipts(std::size_t workers) : unsettled_(workers, 0) {}

  void add(std::uint64_t to, std::string_view payload) { waiting_.push_back({to, std::string(payload)}); }
  /// Something was handed to another worker.
  void on_handed_over(std::uint32_t worker) noexcept { ++unsettled_[worker]; }
  [[nodiscard]] bool empty() const noexcept { return waiting_.empty(); }

  /// The outboxes of the turn are written.
  [[nodiscard]] Round end_turn() {
    Round round;
    if (waiting_.empty()) return round;
    for (std::uint32_t worker = 0; worker < unsettled_.size(); ++worker)
      if (unsettled_[worker] != 0) round.workers.push_back(worker);
    if (round.workers.empty()) {
      round.ready.swap(waiting_);
      return round;
    }
    round.number = ++last_;
    Open& open = open_[round.number];
    open.pongs.swap(waiting_);
    open.missing = round.workers.size();
    for (const std::uint32_t worker : round.workers) open.handed_over.push_back({worker, unsettled_[worker]});
    return round;
  }

  /// A worker has written what it was sent before the question of that number. Gives the pongs that may leave now.
  [[nodiscard]] std::vector<Pong> on_settled(std::uint64_t number) {
    const auto found = open_.find(number);
    if (found == open_.end() || --found->second.missing > 0) return {};
    Open done = std::move(found->second);
    open_.erase(found);
    // Nothing more has been handed over since: the next pong need not ask.
    for (const auto& [worker, count] : done.handed_over)
      if (unsettled_[worker] == count) unsettled_[worker] = 0;
    return std::move(done.pongs);
  }

 private:
  struct HandedOver {
    std::uint32_t worker = 0;
    std::uint64_t count = 0;
  };
  struct Open {
    std::vector<Pong> pongs;
    std::vector<HandedOver> handed_over;
    std::size_t missing = 0;
  };

  std::vector<Pong> waiting_;
  std::vector<std::uint64_t> unsettled_;  ///< By worker: what it was sent since it last settled everything.
  std::unordered_map<std::uint64_t, Open> open_;
  std::uint64_t last_ = 0;
};

}  // namespace heliograph::net
