// ConnectRun: each slot opens a connection, and as soon as that may be used closes it and opens the next, by another
// identity. URLs are signed before the clock runs; the server verifies every one.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "load/fleet.hpp"

namespace heliograph::bench {

class ConnectRun final : public Fleet {
 public:
  using Fleet::Fleet;
  [[nodiscard]] Result<Report> run() override;

 private:
  void on_usable(std::size_t number) override;
  void on_message(std::size_t, std::string_view) override {}
  [[nodiscard]] Result<void> reopen();
  void serve_and_reopen(double seconds);

  std::vector<std::string> targets_;
  std::vector<std::size_t> done_;  ///< Slots whose connection was opened in this turn.
  std::size_t next_target_ = 0;
  std::uint64_t opened_ = 0;
  std::uint64_t resumed_ = 0;  ///< Of the opened ones, by their TLS session.
};

}  // namespace heliograph::bench
