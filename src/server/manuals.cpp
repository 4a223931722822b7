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
           "DATA/credentials holds access keys, as an AWS shared credentials file.\n"
           "DATA/heliograph.db holds channels, streams and their tags.\n"
           "DATA/runtime.json says where the running service is.\n"
           "DATA/tls holds the development CA, DATA/turn what the relay needs."},
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
  return flags::to_bash_completion(app);
}

}  // namespace heliograph::server
