// The two files that AWS tools share, ~/.aws/config and ~/.aws/credentials: INI sections of settings. Text → structs.
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"

namespace heliograph::wire {

/// What one section says.
struct ConfigSection {
  /// By name, in lower case. A setting below another ("endpoint_url" below "sts") is "sts.endpoint_url".
  std::map<std::string, std::string, std::less<>> settings;
  Secret secret_access_key;  ///< aws_secret_access_key, which is not among the settings.
  Secret session_token;      ///< aws_session_token, likewise.

  /// The value of a setting; empty when it is not there.
  [[nodiscard]] std::string get(std::string_view name) const;
  /// Takes over what `other` says; where both say something, the other counts.
  void merge(const ConfigSection& other);
};

struct ConfigFile {
  std::map<std::string, ConfigSection, std::less<>> profiles;
  std::map<std::string, ConfigSection, std::less<>> services;  ///< Sections "[services NAME]" of a config file.
};

/// Which of the two: a profile's section is "[profile NAME]" in one ("[default]" aside) and "[NAME]" in the other.
enum class ConfigFileKind : std::uint8_t { kConfig, kCredentials };

/// Sections of other kinds are passed over; a section that comes twice is one. Comments are lines that begin with `#`
/// or `;`, and what follows one of them after a blank, as the AWS SDKs for JavaScript and Rust read it. Fails with
/// kCorrupt, naming the line but never quoting it, when a line is neither a section nor a setting.
[[nodiscard]] Result<ConfigFile> parse_config_file(std::string_view text, ConfigFileKind kind);

}  // namespace heliograph::wire
