// What the pages say beside the flags.
#include "server/manuals.hpp"

#include "flags/manual.hpp"

namespace heliograph::server {
namespace {

flags::Manual program_page() {
  return {
      .name = "heliographd",
      .section = "8",
      .summary = "Kinesis Video Streams WebRTC signaling on your own machine",
      .sections = {
          {"SIGNALS",
           "SIGTERM and SIGINT drain: WebSockets are told, then closed, and the process ends with status 0; a second "
           "signal ends it at once. SIGHUP reads configuration, certificates and secrets again."},
          {"FILES",
           "DATA/credentials holds the administrators' access keys, as an AWS shared credentials file.\n\n"
           "DATA/heliograph.db holds channels, streams and their tags, users and roles.\n\n"
           "DATA/master.key holds the key that users' secrets and session tokens are sealed with: without it they are "
           "lost.\n\n"
           "DATA/webhook-secret holds what webhooks are signed with.\n\n"
           "DATA/revoked-keys.json holds the access keys that are refused.\n\n"
           "DATA/events.db holds events that the webhook's receiver has not taken yet.\n\n"
           "DATA/runtime.json says where the running service is.\n\n"
           "DATA/tls holds the development CA, DATA/turn what the relay needs; DATA/turn/secret makes its "
           "credentials."},
          {"ENVIRONMENT",
           "HELIOGRAPH_NAME sets the option of that name, HELIOGRAPH_TURN_PORT for --turn-port: a flag beats it, and "
           "it "
           "beats the file. HELIOGRAPH_CONFIG names the file.\n\n"
           "HELIOGRAPH_MASTER_KEY holds the master key itself, in place of --master-key-file and DATA/master.key.\n\n"
           "HELIOGRAPH_WEBHOOK_SECRET holds the webhooks' secret itself, in place of --webhook-secret-file and "
           "DATA/webhook-secret.\n\n"
           "NOTIFY_SOCKET, WATCHDOG_USEC and WATCHDOG_PID are systemd's: whom to tell what the service does, and how "
           "often that it is well."},
          {"EXIT STATUS", "0 after a drain; 1 when it cannot start; another for a mistake in the settings."},
          {"SEE ALSO", "heliograph(1), heliograph.toml(5), turnserver(1)"}}};
}

flags::Manual file_page() {
  return {.name = "heliograph.toml",
          .section = "5",
          .summary = "configuration of heliographd",
          .sections = {{"EXAMPLE",
                        "  listen = [\"0.0.0.0:443\", \"[::]:443\"]\n"
                        "  region = \"eu-central-1\"\n"
                        "  tls-cert = \"/etc/heliograph/fullchain.pem\"\n"
                        "  tls-key = \"/etc/heliograph/privkey.pem\"\n"
                        "  metrics-listen = \"127.0.0.1:9180\"\n"},
                       {"SEE ALSO", "heliographd(8)"}}};
}

}  // namespace

std::string manual_of(const CLI::App& app, const std::string& what) {
  if (what == "man") return flags::to_man_page(app, program_page());
  if (what == "config-man") return flags::to_config_page(app, file_page());
  return flags::to_completion(app, what);
}

}  // namespace heliograph::server
