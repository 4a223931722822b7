// A HandlerGate whose handlers run where the application of a loop wants them.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/handler_gate.hpp"
#include "sdk/loop.hpp"

namespace heliograph::sdk {

[[nodiscard]] inline std::shared_ptr<HandlerGate> make_gate(const std::shared_ptr<LoopCore>& loop) {
  // Neither the gate nor what waits in the loop's own queue keeps the loop.
  auto ask = [weak = std::weak_ptr(loop)](std::function<void()> turn) {
    if (const auto core = weak.lock())
      core->post([core = core.get(), turn = std::move(turn)]() mutable { core->call(std::move(turn)); });
  };
  return std::make_shared<HandlerGate>(std::move(ask), loop->world().log);
}

}  // namespace heliograph::sdk
