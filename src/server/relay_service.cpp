// Relay set-up.
#include "server/relay_service.hpp"

#include <pwd.h>
#include <unistd.h>

#include <algorithm>
#include <boost/asio/post.hpp>

#include "server/data_dir.hpp"
#include "server/setting_texts.hpp"
#include "server/system_rng.hpp"

namespace heliograph::server {
namespace {

std::string without_line_end(std::string text) {
  while (!text.empty() && (text.back() == '\n' || text.back() == '\r')) text.pop_back();
  return text;
}

Result<Secret> load_or_create_secret(const std::filesystem::path& file, Rng& rng) {
  auto text = read_file(file);
  if (!text && text.error().code == Errc::kResourceNotFound) {
    text = random_text(rng, kAlnum, 43);
    if (auto written = write_private_file(file, *text); !written) return written.error();
  }
  if (!text) return text.error();
  return Secret(without_line_end(std::move(*text)));
}

bool is_everything_loopback(const Config& config) {
  return std::all_of(config.listen.begin(), config.listen.end(),
                     [](const net::ListenAddress& listen) { return is_loopback(listen.address); });
}

/// Empty when the service listens on every address there is.
std::vector<std::string> specific_addresses(const Config& config) {
  std::vector<std::string> addresses;
  for (const net::ListenAddress& listen : config.listen) {
    if (listen.address == "0.0.0.0" || listen.address == "::") return {};
    if (!is_loopback(listen.address)) addresses.push_back(listen.address);
  }
  return addresses;
}

/// coturn drops root by itself, to the user that Debian's package makes.
std::string unprivileged_user() {
  return ::geteuid() == 0 && ::getpwnam("turnserver") != nullptr ? "turnserver" : std::string{};
}

}  // namespace

Result<void> RelayService::prepare(const Config& config, const net::TlsFiles& tls,
                                   const std::filesystem::path& data_dir, Rng& rng) {
  switch (config.turn.mode) {
    case TurnMode::kOff:
      return {};
    case TurnMode::kExternal:
      return start_external(config.turn);
    case TurnMode::kAuto:
      return prepare_coturn(config, tls, data_dir / "turn", rng);
  }
  return {};
}

Result<void> RelayService::start_external(const TurnConfig& config) {
  const auto use = prepare_reload(config);
  if (!use) return use.error();
  (*use)();
  has_relay_ = true;
  return {};
}

Result<std::function<void()>> RelayService::prepare_reload(const TurnConfig& config) {
  if (config.mode != TurnMode::kExternal) return std::function<void()>([]() {});
  auto secret = read_file(config.secret_file);
  if (!secret) return secret.error();
  auto fleet = std::make_shared<relay::ExternalRelays>(Secret(without_line_end(std::move(*secret))), config.uris);
  return std::function<void()>([this, fleet = std::move(fleet)]() { directory_.replace(fleet); });
}

bool RelayService::reload_certificate(const net::TlsFiles& tls) {
  if (!coturn_) return true;
  if (tls.certificate_chain_file != relay_certificate_) return false;
  coturn_->reload_certificate();
  return true;
}

Result<void> RelayService::prepare_coturn(const Config& config, const net::TlsFiles& tls,
                                          const std::filesystem::path& state_dir, Rng& rng) {
  std::string binary = relay::find_program(config.turn.binary.empty() ? "turnserver" : config.turn.binary);
  if (binary.empty()) {
    log_.write(LogLevel::kWarning,
               "no relay: coturn is not installed; calls work where peers reach each other directly",
               {{"todo", "apt-get install coturn, or --turn off"}});
    return {};
  }
  std::error_code error;
  std::filesystem::create_directories(state_dir, error);
  auto secret = load_or_create_secret(state_dir / "secret", rng);
  if (!secret) return secret.error();

  relay::CoturnSettings settings;
  settings.loopback_only = is_everything_loopback(config);
  settings.loopback_peers = config.turn.loopback_peers;
  settings.denied_peers = config.turn.denied_peers;
  settings.quotas = config.turn.quotas;
  const std::string address = settings.loopback_only ? "127.0.0.1" : "0.0.0.0";
  settings.port = relay::pick_port(address, config.turn.port);
  do {
    settings.tls_port = relay::pick_port(address, config.turn.tls_port);
  } while (settings.tls_port == settings.port);
  if (config.turn.port != 0 && settings.port != config.turn.port)
    log_.write(LogLevel::kWarning, "the relay's port is taken; using another",
               {{"wanted", std::to_string(config.turn.port)}, {"port", std::to_string(settings.port)}});
  settings.relay_port_min = config.turn.relay_port_min;
  settings.relay_port_max = config.turn.relay_port_max;
  if (!settings.loopback_only) settings.listen = specific_addresses(config);
  settings.external_ip = config.turn.external_ip;
  settings.allowed_peers = config.turn.allowed_peers;
  settings.certificate_file = relay_certificate_ = tls.certificate_chain_file;
  settings.key_file = tls.private_key_file;
  settings.state_dir = state_dir.string();
  settings.run_as = unprivileged_user();
  if (auto ready = prepare_keys(settings, *secret, rng); !ready) return ready;

  directory_.replace(
      std::make_shared<relay::OwnRelay>(*secret, settings.port, settings.tls_port, config.turn.host, revocations_));
  coturn_ = std::make_unique<relay::CoturnSupervisor>(context_, clock_, log_, std::move(binary), std::move(settings));
  has_relay_ = true;
  return {};
}

Result<void> RelayService::prepare_keys(relay::CoturnSettings& settings, const Secret& secret, Rng& rng) {
  if (auto loaded = revocations_->load(std::filesystem::path(settings.state_dir) / "revoked", clock_.wall_now());
      !loaded)
    return loaded;
  settings.key_password = Secret(random_text(rng, kAlnum, 32));
  keys_ = std::make_unique<relay::KeyDesk>(context_, clock_, log_, secret, settings.realm, settings.key_password,
                                           revocations_);
  if (auto started = keys_->start(); !started) return started;
  settings.key_port = keys_->port();
  do {
    settings.cli.port = relay::pick_port("127.0.0.1", 0);
  } while (settings.cli.port == settings.port || settings.cli.port == settings.tls_port);
  settings.cli.password = Secret(random_text(rng, kAlnum, 32));
  sessions_ = std::make_unique<relay::SessionEnder>(context_, settings.cli);
  return {};
}

void RelayService::revoke(const ChannelArn& channel, relay::OnEnded done) {
  if (!coturn_)
    return done(Error{Errc::kInvalidArgument,
                      "the relay is not run by this service: an external fleet forgets credentials when its secret is "
                      "changed, and within five minutes in any case"});
  const std::string opaque = relay::opaque_of(channel);
  if (auto kept = revocations_->revoke(opaque, clock_.wall_now()); !kept)
    log_.write(LogLevel::kError, "relay revocation will not outlive a restart", {{"why", kept.error().detail}});
  boost::asio::post(context_, [this, opaque, channel, done = std::move(done)]() {
    if (!coturn_->state().is_up || !keys_->has_served(opaque)) return done(std::size_t{0});
    sessions_->end(opaque, [this, channel, opaque, done](const Result<std::size_t>& ended) {
      if (ended) {
        keys_->forget(opaque);
        log_.write(LogLevel::kInfo, "relay credentials revoked",
                   {{"channel", channel.view()}, {"allocations_ended", std::to_string(*ended)}});
      } else {
        log_.write(LogLevel::kError, "relay allocations could not be ended",
                   {{"channel", channel.view()}, {"why", ended.error().detail}});
      }
      done(ended);
    });
  });
}

Result<void> RelayService::start() { return coturn_ ? coturn_->start() : Result<void>{}; }

void RelayService::stop() {
  if (coturn_) coturn_->stop();
  if (keys_) keys_->stop();
}

}  // namespace heliograph::server
