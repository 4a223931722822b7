// EventConfig: the settings of webhooks.
#pragma once

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>

#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"
#include "net/http_url.hpp"

namespace CLI {
class App;
}

namespace heliograph::server::events {

struct EventConfig {
  std::optional<net::HttpUrl> webhook;            ///< Who is told of events.
  std::optional<net::HttpUrl> authorize_webhook;  ///< Who is asked before a connection is let in.
  std::string secret_file;  ///< Empty, and no secret: DATA/webhook-secret, made when it is missing.
  Secret secret;            ///< Of HELIOGRAPH_WEBHOOK_SECRET.
  std::string ca_file;      ///< Empty: the system's authorities.
  std::chrono::milliseconds timeout{5000};
  std::size_t max_waiting = 100'000;
  std::chrono::milliseconds authorize_timeout{2000};
  bool allow_when_unreachable = false;  ///< What the authorization webhook's silence means.
};

/// The settings as text, until all of them are known to be well formed.
struct EventTexts {
  std::string webhook;
  std::string authorize_webhook;
  std::string timeout = "5";
  std::string authorize_timeout = "2";
  std::string fallback = "deny";
};

/// A secret in the environment, so that it stands neither on a command line nor in a file of settings.
inline constexpr const char* kSecretVariable = "HELIOGRAPH_WEBHOOK_SECRET";

void add_event_options(CLI::App& app, EventConfig& config, EventTexts& texts);
/// After parsing. Fails with kInvalidArgument, naming the settings that do not go together.
[[nodiscard]] Result<void> finish_event_config(EventConfig& config, const EventTexts& texts);

}  // namespace heliograph::server::events
