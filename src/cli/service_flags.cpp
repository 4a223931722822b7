// One wording for all commands.
#include "cli/service_flags.hpp"

#include <CLI/CLI.hpp>

namespace heliograph::cli {

void add_data_flag(CLI::App& command, ServiceOptions& options) {
  command.add_option("--data", options.data_dir, "Data directory of heliographd: where it is, its key and its CA")
      ->envname("HELIOGRAPH_DATA")
      ->capture_default_str();
}

void add_service_flags(CLI::App& command, ServiceOptions& options) {
  add_data_flag(command, options);
  command.add_option("--endpoint", options.endpoint, "https://HOST:PORT of a service elsewhere");
  command.add_option("--ca-file", options.ca_file,
                     "PEM file of the CA to trust; default: the service's, or the system's");
  command.add_option("--region", options.region, "Region to sign for; default: the service's, AWS_REGION, us-east-1");
}

}  // namespace heliograph::cli
