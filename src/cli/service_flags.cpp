// One wording for all commands.
#include "cli/service_flags.hpp"

#include <CLI/CLI.hpp>
#include <cstdlib>

namespace heliograph::cli {

void add_data_flag(CLI::App& command, ServiceOptions& options) {
  // Not CLI11's envname(): several commands share `options`, and the variable of one would overrule the flag of
  // another.
  if (const char* variable = std::getenv("HELIOGRAPH_DATA"); variable != nullptr && *variable != '\0')
    options.data_dir = variable, options.is_data_given = true;
  command
      .add_option("--data", options.data_dir,
                  "Data directory of heliographd: where it is, its key and its CA; default: what HELIOGRAPH_DATA says")
      ->default_str(".heliograph")
      ->each([&options](const std::string&) { options.is_data_given = true; });
}

void add_service_flags(CLI::App& command, ServiceOptions& options) {
  add_data_flag(command, options);
  command.add_option("--endpoint", options.endpoint, "https://HOST:PORT of a service elsewhere");
  command.add_option("--ca-file", options.ca_file,
                     "PEM file of the CA to trust; default: the service's, AWS_CA_BUNDLE, the system's");
  command.add_option("--region", options.region,
                     "Region to sign for; default: the service's, AWS_REGION, AWS_DEFAULT_REGION, that of the profile; "
                     "us-east-1, where Amazon's endpoint does not go by it");
}

void add_sdk_flags(CLI::App& command, ServiceOptions& options) {
  add_service_flags(command, options);
  command.add_flag(
      "--aws", options.is_aws,
      "Go by the AWS SDKs' rules, even where a heliographd runs: AWS_ENDPOINT_URL_KINESIS_VIDEO, "
      "AWS_ENDPOINT_URL, else Amazon's endpoint of the region; so it is anyway without heliographd, --data "
      "(HELIOGRAPH_DATA) and --endpoint");
}

}  // namespace heliograph::cli
