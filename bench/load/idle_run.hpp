// IdleRun: opens all connections and leaves them alone; what the server's memory grew by is theirs.
#pragma once

#include "load/fleet.hpp"

namespace heliograph::bench {

class IdleRun final : public Fleet {
 public:
  using Fleet::Fleet;
  [[nodiscard]] Result<Report> run() override;

 private:
  void on_usable(std::size_t) override {}
  void on_message(std::size_t number, std::string_view text) override;
};

}  // namespace heliograph::bench
