// A HandlerGate on a loop: what stands between GStreamer's threads and the application's handlers.
#pragma once

#include <functional>
#include <memory>
#include <utility>

#include "base/handler_gate.hpp"
#include "heliograph/event_loop.hpp"

namespace heliograph::peer {

/// Without a loop nothing is called.
[[nodiscard]] inline std::shared_ptr<HandlerGate> make_gate(std::shared_ptr<EventLoop> loop, LogHandler log) {
  HandlerGate::Ask ask;
  if (loop != nullptr) ask = [loop = std::move(loop)](std::function<void()> turn) { loop->post(std::move(turn)); };
  return std::make_shared<HandlerGate>(std::move(ask), std::move(log));
}

}  // namespace heliograph::peer
