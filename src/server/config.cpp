// Config from flags, environment and file: CLI11 does the reading, this file says what there is.
#include "server/config.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>
#include <filesystem>
#include <memory>
#include <tuple>

#include "flags/manual.hpp"
#include "server/config_errors.hpp"
#include "server/limit_settings.hpp"
#include "server/manuals.hpp"
#include "server/relay/guard_options.hpp"
#include "server/setting_texts.hpp"

namespace heliograph::server {
namespace {

constexpr const char* kAbout =
    "heliographd - Kinesis Video Streams WebRTC signaling on your own machine.\n"
    "Every option is also a variable (--data is HELIOGRAPH_DATA) and a key of the TOML file given with --config.";

bool set_port_range(const std::string& text, TurnConfig& turn) {
  const auto dash = text.find('-');
  if (dash == std::string::npos) return false;
  const auto low = parse_port(std::string_view(text).substr(0, dash));
  const auto high = parse_port(std::string_view(text).substr(dash + 1));
  if (!low || !high || *low == 0 || *low > *high) return false;
  turn.relay_port_min = *low;
  turn.relay_port_max = *high;
  return true;
}

/// What the texts of the command line become once all of them are known to be well formed.
struct Texts {
  std::vector<std::string> listen{"127.0.0.1:3000"};
  std::string metrics_listen;
  std::string limits = "open";
  std::vector<std::string> limit;
  std::string turn = "auto";
  std::string log_format = "text";
  std::string relay_ports = "49152-65535";
  std::string console_login = "auto";
  std::string drain_notice = "0";
  std::string drain_window = "auto";
  events::EventTexts events;
};

CLI::Validator listen_check() {
  return {[](std::string& text) {
            const auto parsed = parse_listen(text);
            return parsed ? std::string{} : parsed.error().detail;
          },
          "ADDR:PORT", "listen"};
}

CLI::Validator limit_check() {
  return {[](std::string& text) {
            AllLimits scratch;
            const auto set = set_limit(scratch, text);
            return set ? std::string{} : set.error().detail;
          },
          "NAME=VALUE", "limit"};
}

/// A CLI11 check that explains itself.
CLI::Validator pattern(const char* what, bool (*accepts)(const std::string&)) {
  return {
      [what, accepts](std::string& text) { return accepts(text) ? std::string{} : "'" + text + "' is not " + what; },
      "", what};
}

void add_limit_options(CLI::App& app, Config& config, Texts& texts) {
  app.add_option("--limits", texts.limits, "Limits: open (wide) or aws (the documented quotas)")
      ->check(CLI::IsMember({"open", "aws"}))
      ->capture_default_str();
  app.add_option("--limit", texts.limit, "One limit, other than --limits has it; repeatable; names and units are below")
      ->delimiter(',')
      ->check(limit_check());
  app.add_option("--throttle-status", config.throttle_status,
                 "HTTP status of calls over a rate: 400 (as documented; SDKs give up) or 429 (SDKs try again)")
      ->check(CLI::IsMember({400, 429}))
      ->capture_default_str();
}

void add_service_options(CLI::App& app, Config& config, Texts& texts) {
  app.add_option("--listen", texts.listen,
                 "Address and port to serve http, https, ws and wss on; repeatable; port 0 picks one")
      ->delimiter(',')
      ->check(listen_check())
      ->capture_default_str();
  app.add_option("--metrics-listen", texts.metrics_listen,
                 "Address and port that serve /metrics, /livez and /readyz over http without a login; default: none")
      ->check(listen_check());
  app.add_option("--data", config.data_dir, "Directory of the store, the credentials and the development CA")
      ->capture_default_str();
  app.add_option("--region", config.region, "Region that signatures and ARNs name")
      ->check(pattern("a region: lower-case letters, digits and '-'", is_region))
      ->capture_default_str();
  app.add_option("--account", config.account, "Account id in ARNs")
      ->check(pattern("an account id: 12 digits", is_account))
      ->capture_default_str();
  app.add_option("--tls-cert", config.tls.certificate_chain_file,
                 "PEM certificate chain; default: the development CA's");
  app.add_option("--tls-key", config.tls.private_key_file, "PEM private key of --tls-cert");
  app.add_flag("--allow-plaintext", config.allow_plaintext, "Serve http and ws on addresses that are not loopback");
  app.add_option("--console-login", texts.console_login,
                 "Who must log in to the web console: auto (everybody but loopback), always")
      ->check(CLI::IsMember({"auto", "always"}))
      ->capture_default_str();
  app.add_option("--web", config.web_dir, "Directory of the web console; default: found beside the program");
  app.add_option("--threads", config.threads, "Worker threads; 0: one per core")
      ->check(CLI::Range(0, 256))
      ->capture_default_str();
  app.add_option("--log-format", texts.log_format, "text or json")
      ->check(CLI::IsMember({"text", "json"}))
      ->capture_default_str();
  app.add_option("--log-level", config.log_level, "debug, info, warning or error")
      ->check(CLI::IsMember({"debug", "info", "warning", "error"}))
      ->capture_default_str();
}

void add_turn_options(CLI::App& app, Config& config, Texts& texts) {
  app.add_option("--turn", texts.turn, "Relay: auto (run coturn when it is installed), off, external")
      ->check(CLI::IsMember({"auto", "off", "external"}))
      ->capture_default_str();
  app.add_option("--turn-port", config.turn.port, "coturn's UDP and TCP port; 0 picks one")->capture_default_str();
  app.add_option("--turn-tls-port", config.turn.tls_port, "coturn's TLS and DTLS port; 0 picks one")
      ->capture_default_str();
  app.add_option("--turn-relay-ports", texts.relay_ports, "Range of ports for relayed addresses, LOW-HIGH")
      ->capture_default_str();
  app.add_option("--turn-host", config.turn.host, "Host in the relay's URIs; default: the host the client asked for");
  app.add_option("--turn-external-ip", config.turn.external_ip, "Public address of the relay when it is behind NAT");
  app.add_option("--turn-binary", config.turn.binary, "Path of coturn's turnserver; default: looked for on PATH");
  for (const auto& [name, ranges, what] :
       {std::tuple{"--turn-allow-peer", &config.turn.allowed_peers, "that the relay may reach all the same"},
        std::tuple{"--turn-deny-peer", &config.turn.denied_peers,
                   "that the relay may not reach, beside loopback, link-local, private and reserved ones"}})
    app.add_option(name, *ranges, "Address or range, LOW-HIGH, " + std::string(what) + "; repeatable")
        ->delimiter(',')
        ->check(pattern("an address or a range LOW-HIGH of addresses", is_address_range));
  relay::add_guard_options(app, config.turn);
  app.add_option("--turn-uri", config.turn.uris, "With --turn external: a TURN URI to hand out; repeatable")
      ->delimiter(',');
  app.add_option("--turn-secret-file", config.turn.secret_file, "With --turn external: file with the shared secret");
}

void add_drain_options(CLI::App& app, Texts& texts) {
  app.add_option("--drain-notice", texts.drain_notice,
                 "Seconds from SIGTERM, which turns /readyz to 503, to the listeners closing")
      ->check(pattern("a number of seconds from 0 to 3600, such as 30 or 0.5",
                      [](const std::string& text) { return parse_seconds(text).has_value(); }))
      ->capture_default_str();
  app.add_option("--drain-window", texts.drain_window,
                 "Seconds over which WebSockets are told and closed then; auto: 20 ms for each, 5 s at most")
      ->check(pattern("auto, or a number of seconds from 0 to 3600, such as 30 or 0.5",
                      [](const std::string& text) { return text == "auto" || parse_seconds(text).has_value(); }))
      ->capture_default_str();
}

void add_identity_options(CLI::App& app, Config& config) {
  app.add_option("--master-key-file", config.master_key_file,
                 "File with the key that users' secrets and session tokens are sealed with (64 hexadecimal digits); "
                 "default: DATA/master.key, made on the first start; HELIOGRAPH_MASTER_KEY may hold the key itself");
  app.add_option("--audit-log", config.audit_log,
                 "File, or - for standard output, that gets a JSON line for each call, connection, sign-in, change of "
                 "users and issue of credentials; opened again on SIGHUP");
  app.add_option("--oidc-issuer", config.oidc_issuers,
                 "ISSUER=KEYS: takes web identities of this OpenID Connect issuer; KEYS is a JWKS file or URL; "
                 "repeatable")
      ->delimiter(',')
      ->check(pattern("ISSUER=FILE or ISSUER=URL, with an issuer such as https://login.example.com",
                      [](const std::string& text) { return text.find('=') != std::string::npos && text[0] != '='; }));
  app.add_option("--oidc-audience", config.oidc_audiences,
                 "Audience that tokens of web identities must have one of; repeatable")
      ->delimiter(',')
      ->default_str("sts.amazonaws.com");
}

void name_environment(CLI::App& app) {
  for (CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || !option->get_configurable()) continue;
    option->envname(variable_of(option->get_lnames().front()));
  }
}

/// The file without what a variable says: a flag beats a variable, a variable the file. CLI11 would have the file win.
class FileBelowEnvironment final : public CLI::ConfigTOML {
 public:
  std::vector<CLI::ConfigItem> from_config(std::istream& input) const override {
    auto entries = CLI::ConfigTOML::from_config(input);
    std::erase_if(entries, [](const CLI::ConfigItem& item) { return std::getenv(variable_of(item.name).c_str()); });
    return entries;
  }
};

/// CLI11 looks for the file before it looks at variables, and would not see the one that names it.
void add_file_option(CLI::App& app) {
  constexpr const char* kVariable = "HELIOGRAPH_CONFIG";
  const char* named = std::getenv(kVariable);
  const std::string file = named == nullptr ? "" : named;
  app.set_config("--config", file, "TOML file with settings", !file.empty())->envname(kVariable);
}

/// What each option came to, defaults included.
std::map<std::string, std::string> effective_settings(const CLI::App& app) {
  std::map<std::string, std::string> settings;
  for (const CLI::Option* option : app.get_options()) {
    if (option->get_lnames().empty() || !option->get_configurable()) continue;
    const std::vector<std::string>& given = option->results();
    settings[option->get_lnames().front()] = given.empty() ? option->get_default_str() : CLI::detail::join(given, ",");
  }
  return settings;
}

/// What must hold between settings; the text of the first breach.
std::optional<std::string> find_conflict(const Config& config) {
  if (config.tls.certificate_chain_file.empty() != config.tls.private_key_file.empty())
    return "--tls-cert and --tls-key go together: give both or neither";
  if (config.turn.mode == TurnMode::kExternal && (config.turn.uris.empty() || config.turn.secret_file.empty()))
    return "--turn external needs --turn-uri (repeatable) and --turn-secret-file";
  if (config.turn.mode != TurnMode::kExternal && !config.turn.uris.empty())
    return "--turn-uri goes with --turn external";
  if (config.turn.mode == TurnMode::kAuto && config.turn.port == config.turn.tls_port && config.turn.port != 0)
    return "--turn-port and --turn-tls-port must differ";
  return std::nullopt;
}

}  // namespace

std::variant<Config, ExitRequest> parse_config(int argc, const char* const* argv) {
  Config config;
  Texts texts;
  CLI::App app{kAbout, "heliographd"};
  app.set_version_flag("--version", std::string("heliographd ") + HELIOGRAPH_VERSION);
  app.footer([] { return describe_limits(); });
  app.config_formatter(std::make_shared<FileBelowEnvironment>());
  app.allow_config_extras(CLI::config_extras_mode::error);
  add_file_option(app);
  add_service_options(app, config, texts);
  add_limit_options(app, config, texts);
  add_turn_options(app, config, texts);
  add_drain_options(app, texts);
  add_identity_options(app, config);
  events::add_event_options(app, config.events, texts.events);
  std::string generate;
  flags::add_generate_flag(app, generate);
  name_environment(app);
  try {
    app.parse(argc, argv);
    if (!generate.empty()) return ExitRequest{manual_of(app, generate), 0};
  } catch (const CLI::ParseError& error) {
    return to_exit(app, error, {argv, static_cast<std::size_t>(argc)});
  }

  config.settings = effective_settings(app);
  if (config.oidc_audiences.empty()) config.oidc_audiences = {"sts.amazonaws.com"};
  if (const char* key = std::getenv("HELIOGRAPH_MASTER_KEY")) config.master_key = Secret(key);
  config.listen.clear();
  for (const std::string& text : texts.listen) config.listen.push_back(parse_listen(text).value());
  if (!texts.metrics_listen.empty()) config.metrics_listen = parse_listen(texts.metrics_listen).value();
  config.limits_name = texts.limits;
  AllLimits limits = limits_of_profile(texts.limits, config.region);
  for (const std::string& text : texts.limit) set_limit(limits, text).value();
  if (const auto sound = check_limits(limits); !sound) return ExitRequest{"--limit: " + sound.error().detail + "\n", 2};
  if (texts.limits == "aws") relay::hold_to_documented_quotas(app, config.turn.quotas);
  config.limits = limits.core;
  config.call_limits = limits.calls;
  config.turn.mode = texts.turn == "off"        ? TurnMode::kOff
                     : texts.turn == "external" ? TurnMode::kExternal
                                                : TurnMode::kAuto;
  config.console_login = texts.console_login == "always" ? ConsoleLogin::kAlways : ConsoleLogin::kAuto;
  config.drain.notice = parse_seconds(texts.drain_notice).value();
  config.drain.window = parse_seconds(texts.drain_window);
  config.log_format = texts.log_format == "json" ? LogFormat::kJson : LogFormat::kText;
  if (!set_port_range(texts.relay_ports, config.turn))
    return ExitRequest{"--turn-relay-ports: '" + texts.relay_ports + "' is not LOW-HIGH, for example 49152-65535\n", 2};
  if (const auto finished = events::finish_event_config(config.events, texts.events); !finished)
    return ExitRequest{finished.error().detail + "\n", 2};
  if (const auto conflict = find_conflict(config)) return ExitRequest{*conflict + "\n", 2};
  return config;
}

}  // namespace heliograph::server
