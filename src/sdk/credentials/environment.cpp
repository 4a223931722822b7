// Reading variables.
#include "sdk/credentials/environment.hpp"

#include <strings.h>

#include <cstdlib>

#include "sdk/credentials/check_credentials.hpp"

namespace heliograph::sdk {

Result<Credentials> environment_credentials(const ReadVariable& variable) {
  Credentials credentials;
  credentials.access_key_id = variable("AWS_ACCESS_KEY_ID");
  credentials.secret_access_key = Secret(variable("AWS_SECRET_ACCESS_KEY"));
  credentials.session_token = Secret(variable("AWS_SESSION_TOKEN"));
  if (credentials.access_key_id.empty() && credentials.secret_access_key.empty())
    return not_set_up("environment: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are not set");
  if (credentials.secret_access_key.empty())
    return Error{Errc::kInvalidArgument, "environment: AWS_ACCESS_KEY_ID is set and AWS_SECRET_ACCESS_KEY is not"};
  if (credentials.access_key_id.empty())
    return Error{Errc::kInvalidArgument, "environment: AWS_SECRET_ACCESS_KEY is set and AWS_ACCESS_KEY_ID is not"};
  for (const char* name : {"AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN"})
    if (const auto wrong = white_space_in(variable(name)))
      return Error{Errc::kInvalidArgument, std::string("environment: ") + name + ' ' + *wrong};
  return credentials;
}

std::string process_variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

bool is_true(const std::string& value) { return ::strcasecmp(value.c_str(), "true") == 0; }

}  // namespace heliograph::sdk
