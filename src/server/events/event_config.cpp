// Flags of webhooks.
#include "server/events/event_config.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

#include "server/setting_texts.hpp"

namespace heliograph::server::events {
namespace {

std::optional<std::chrono::milliseconds> to_time(std::string_view text) { return parse_seconds(text, 0.05, 60); }

CLI::Validator url_check() {
  return {[](std::string& text) {
            const auto parsed = net::parse_http_url(text);
            return parsed ? std::string{} : parsed.error().detail;
          },
          "URL", "url"};
}

CLI::Validator time_check() {
  return {[](std::string& text) {
            return to_time(text) ? std::string{} : "'" + text + "' is not a number of seconds from 0.05 to 60";
          },
          "SECONDS", "seconds"};
}

}  // namespace

void add_event_options(CLI::App& app, EventConfig& config, EventTexts& texts) {
  app.add_option("--webhook", texts.webhook,
                 "URL that events are posted to: who joins and leaves, which masters are online")
      ->check(url_check());
  app.add_option("--authorize-webhook", texts.authorize_webhook,
                 "URL that is asked before a connection is let in, and may add ICE servers")
      ->check(url_check());
  app.add_option("--webhook-secret-file", config.secret_file,
                 "File with the secret that webhooks are signed with; or the variable HELIOGRAPH_WEBHOOK_SECRET; "
                 "default: DATA/webhook-secret, which is made");
  app.add_option("--webhook-ca", config.ca_file,
                 "PEM authorities that webhook receivers are trusted by; default: the system's");
  app.add_option("--webhook-timeout", texts.timeout, "Seconds that the receiver of an event has to answer")
      ->check(time_check())
      ->capture_default_str();
  app.add_option("--webhook-queue", config.max_waiting,
                 "Events that wait for their receiver at most; then the oldest go")
      ->check(CLI::Range(1, 10'000'000))
      ->capture_default_str();
  app.add_option("--authorize-timeout", texts.authorize_timeout, "Seconds that the authorization webhook has to answer")
      ->check(time_check())
      ->capture_default_str();
  app.add_option("--authorize-fallback", texts.fallback,
                 "What it means when the authorization webhook does not answer: deny or allow")
      ->check(CLI::IsMember({"deny", "allow"}))
      ->capture_default_str();
}

Result<void> finish_event_config(EventConfig& config, const EventTexts& texts) {
  if (!texts.webhook.empty()) config.webhook = net::parse_http_url(texts.webhook).value();
  if (!texts.authorize_webhook.empty()) config.authorize_webhook = net::parse_http_url(texts.authorize_webhook).value();
  config.timeout = to_time(texts.timeout).value();
  config.authorize_timeout = to_time(texts.authorize_timeout).value();
  config.allow_when_unreachable = texts.fallback == "allow";
  if (const char* secret = std::getenv(kSecretVariable); secret != nullptr && *secret != '\0') {
    if (!config.secret_file.empty())
      return Error{Errc::kInvalidArgument,
                   "--webhook-secret-file and HELIOGRAPH_WEBHOOK_SECRET are both set: one secret is enough"};
    config.secret = Secret(secret);
  }
  return {};
}

}  // namespace heliograph::server::events
