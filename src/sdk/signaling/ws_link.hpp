// WsLink: the engine's connection as a real WebSocket.
#pragma once

#include <memory>
#include <string>

#include "sdk/loop.hpp"
#include "sdk/signaling/engine.hpp"

namespace heliograph::sdk {

/// Begins to connect to a ws:// or wss:// URL; what is wrong with the URL is told as a lost connection, later.
[[nodiscard]] std::unique_ptr<SignalingLink> connect_websocket(LoopCore& loop, const std::string& url,
                                                               std::chrono::milliseconds timeout,
                                                               net::WsClient::Handlers handlers);

}  // namespace heliograph::sdk
