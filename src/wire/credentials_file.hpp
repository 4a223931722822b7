// The AWS shared credentials file: INI sections with an access key each. Text → structs.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/ids.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::wire {

/// One section with both halves of a key.
struct CredentialsProfile {
  std::string name;  ///< "default"
  AccessKeyId id;
  Secret secret;
};

/// The profiles in the file's order; sections without a whole key and keys that are not ours are passed over. Fails
/// with kCorrupt, naming the line but never quoting it, when a line is neither a section nor a setting.
[[nodiscard]] Result<std::vector<CredentialsProfile>> parse_credentials_file(std::string_view text);

/// The text of a file with one profile.
[[nodiscard]] std::string to_credentials_file(const CredentialsProfile& profile);

}  // namespace heliograph::wire
