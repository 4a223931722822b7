// Effects of a ServerSession as one line of text, so that tests read like a transcript.
#pragma once

#include <string>
#include <variant>
#include <vector>

#include "core/server_session.hpp"

namespace heliograph::test {

struct EffectText {
  std::string operator()(const core::DeliverText& deliver) const {
    return "deliver(" + std::string(deliver.text) + ")";
  }
  std::string operator()(const core::WriteFrame& write) const {
    switch (write.kind) {
      case wire::WsKind::kText:
        return write.payload == R"({"messageType":"GO_AWAY"})" ? "go_away" : "text(" + std::string(write.payload) + ")";
      case wire::WsKind::kPing:
        return "ping(" + std::string(write.payload) + ")";
      case wire::WsKind::kPong:
        return "pong(" + std::string(write.payload) + ")";
      case wire::WsKind::kBinary:
      case wire::WsKind::kClose:
        return "unexpected frame";
    }
    return {};
  }
  std::string operator()(const core::WriteClose& close) const { return "close(" + std::to_string(close.code) + ")"; }
  std::string operator()(const core::Hangup&) const { return "hangup"; }
};

inline std::string to_text(const std::vector<core::SessionEffect>& effects) {
  std::string text;
  for (const core::SessionEffect& effect : effects) {
    if (!text.empty()) text += ' ';
    text += std::visit(EffectText{}, effect);
  }
  return text;
}

}  // namespace heliograph::test
