// The environment of AWS clients: names as in the AWS SDKs' and Node's documentation.
#include "cli/env_command.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "cli/shell.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::cli {
namespace {

Result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    return Error{Errc::kResourceNotFound,
                 "cannot read " + file.string() +
                     "; start heliographd with this data directory first (./dev up), or name the "
                     "one it uses with --data"};
  return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
}

std::string member(const boost::json::value& object, std::string_view name) {
  const auto* fields = object.if_object();
  const auto* field = fields == nullptr ? nullptr : fields->if_contains(name);
  return field != nullptr && field->is_string() ? std::string(field->get_string()) : std::string{};
}

}  // namespace

Result<std::vector<Variable>> client_environment(const std::filesystem::path& data_dir) {
  const auto credentials = read_text(data_dir / "credentials");
  if (!credentials) return credentials.error();
  const auto runtime = read_text(data_dir / "runtime.json");
  if (!runtime) return runtime.error();
  const auto profiles = wire::parse_credentials_file(*credentials);
  boost::system::error_code error;
  const auto facts = boost::json::parse(*runtime, error);
  const std::string endpoint = member(facts, "httpsEndpoint");
  if (!profiles || profiles->empty() || error || endpoint.empty())
    return Error{Errc::kCorrupt,
                 "the files in " + data_dir.string() + " are damaged; restart heliographd to write them anew"};

  const auto& administrator = profiles->front();
  std::vector<Variable> variables{
      {"AWS_ACCESS_KEY_ID", administrator.id.str()},
      {"AWS_SECRET_ACCESS_KEY", std::string(administrator.secret.reveal())},
      {"AWS_DEFAULT_REGION", member(facts, "region")},
      {"AWS_REGION", member(facts, "region")},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO", endpoint},
      {"AWS_ENDPOINT_URL_KINESIS_VIDEO_SIGNALING", endpoint},
      {"AWS_EC2_METADATA_DISABLED", "true"},
  };
  if (const std::string ca = member(facts, "caFile"); !ca.empty()) {
    variables.push_back({"AWS_CA_BUNDLE", ca});
    variables.push_back({"NODE_EXTRA_CA_CERTS", ca});
    variables.push_back({"AWS_KVS_CACERT_PATH", ca});
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
