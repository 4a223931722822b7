// The JSON shapes in which sources hand out credentials. Text → structs.
#pragma once

#include <string>
#include <string_view>

#include "heliograph/credentials.hpp"
#include "heliograph/result.hpp"

namespace heliograph::wire {

// Each fails with kCorrupt, naming the member that is missing or of the wrong kind and quoting nothing; a text that is
// not one JSON object too.

/// What a credential_process prints: {"Version": 1, "AccessKeyId", "SecretAccessKey", "SessionToken"?, "Expiration"?}.
[[nodiscard]] Result<Credentials> parse_process_credentials(std::string_view json);

/// What a container's endpoint answers: {"AccessKeyId", "SecretAccessKey", "Token", "Expiration"}.
[[nodiscard]] Result<Credentials> parse_container_credentials(std::string_view json);

/// What the instance metadata service answers: those four and {"Code": "Success"}. With another code, which comes with
/// status 200 too, it fails with kAccessDenied, and the detail has code and message.
[[nodiscard]] Result<Credentials> parse_instance_credentials(std::string_view json);

/// AWS IoT: {"credentials": {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"}}.
[[nodiscard]] Result<Credentials> parse_iot_credentials(std::string_view json);

/// Cognito, GetCredentialsForIdentity: {"Credentials": {"AccessKeyId", "SecretKey", "SessionToken", "Expiration"}}; the
/// end is a number of seconds, with or without a fraction.
[[nodiscard]] Result<Credentials> parse_cognito_credentials(std::string_view json);
/// Cognito, GetId: {"IdentityId"}.
[[nodiscard]] Result<std::string> parse_cognito_identity(std::string_view json);

/// What a service says when it refuses. Either may be empty.
struct ServiceRefusal {
  std::string code;
  std::string message;
};

/// Reads {"Code" | "code" | "__type", "Message" | "message"}; of a type only what follows a `#`.
[[nodiscard]] ServiceRefusal parse_json_refusal(std::string_view json);

}  // namespace heliograph::wire
