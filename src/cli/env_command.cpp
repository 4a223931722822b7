// The environment of AWS clients: names as in the AWS SDKs' and Node's documentation.
#include "cli/env_command.hpp"

#include "cli/service_facts.hpp"
#include "cli/shell.hpp"

namespace heliograph::cli {
Result<std::vector<Variable>> client_environment(const std::filesystem::path& data_dir) {
  const auto service = read_service_facts(data_dir);
  if (!service) return service.error();
  std::vector<Variable> variables{
      {"AWS_ACCESS_KEY_ID", service->administrator.id.str()},
      {"AWS_SECRET_ACCESS_KEY", std::string(service->administrator.secret.reveal())},
      {"AWS_DEFAULT_REGION", service->region},
      {"AWS_REGION", service->region},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO", service->endpoint},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING", service->endpoint},
      {"AWS_ENDPOINT_URL_STS", service->endpoint},
      {"AWS_EC2_METADATA_DISABLED", "true"},
  };
  if (!service->ca_file.empty()) {
    variables.push_back({"AWS_CA_BUNDLE", service->ca_file});
    variables.push_back({"NODE_EXTRA_CA_CERTS", service->ca_file});
    variables.push_back({"AWS_KVS_CACERT_PATH", service->ca_file});
  }
  return variables;
}

std::string to_shell(const std::vector<Variable>& variables) {
  // What these leave standing would be sent along with, or in place of, the key below.
  std::string text = "unset AWS_SESSION_TOKEN AWS_SECURITY_TOKEN AWS_PROFILE\n";
  for (const Variable& variable : variables)
    text.append("export ").append(variable.name).append("=").append(shell_quoted(variable.value)).append("\n");
  return text;
}

std::string shell_quoted(std::string_view text) {
  constexpr std::string_view kPlain = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-./:@%+,";
  if (!text.empty() && text.find_first_not_of(kPlain) == std::string_view::npos) return std::string(text);
  std::string quoted = "'";
  for (const char c : text) {
    if (c == '\'') {
      quoted.append("'\\''");
    } else {
      quoted.push_back(c);
    }
  }
  return quoted + "'";
}

}  // namespace heliograph::cli
