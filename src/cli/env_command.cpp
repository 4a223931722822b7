// The environment of AWS clients: names as in the AWS SDKs' and Node's documentation.
#include "cli/env_command.hpp"

#include "cli/shell.hpp"

namespace heliograph::cli {

Result<std::vector<Variable>> client_environment(const ServiceOptions& options) {
  const auto service = find_service(options);
  if (!service) return service.error();
  if (!service->key) return service->no_key();
  const std::string& endpoint = service->any();
  std::vector<Variable> variables{
      {"AWS_ACCESS_KEY_ID", service->key->access_key_id},
      {"AWS_SECRET_ACCESS_KEY", std::string(service->key->secret_access_key.reveal())},
      {"AWS_DEFAULT_REGION", service->region},
      {"AWS_REGION", service->region},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO", endpoint},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING", endpoint},
      {"AWS_ENDPOINT_URL_STS", endpoint},
      {"AWS_EC2_METADATA_DISABLED", "true"},
  };
  if (const auto token = service->key->session_token.reveal(); !token.empty())
    variables.push_back({"AWS_SESSION_TOKEN", std::string(token)});
  if (const std::string& ca = service->own_ca_file; !ca.empty())
    for (const char* name : {"AWS_CA_BUNDLE", "NODE_EXTRA_CA_CERTS", "AWS_KVS_CACERT_PATH"})
      variables.push_back({name, ca});
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
