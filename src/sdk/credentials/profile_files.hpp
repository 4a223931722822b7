// The profiles of a user: both files, found, read and put together.
#pragma once

#include <string>
#include <string_view>

#include "sdk/credentials/environment.hpp"
#include "wire/config_file.hpp"

namespace heliograph::sdk {

/// Which profile and which files; empty: what variables say, and the usual places.
struct ProfileChoice {
  std::string profile{};
  std::string credentials_file{};
  std::string config_file{};
};

struct ProfileFiles {
  std::string profile;      ///< The one that is chosen.
  bool was_chosen = false;  ///< By somebody, rather than by default.
  std::string credentials_file;
  std::string config_file;
  wire::ConfigFile settings;  ///< Of both; in a profile, the credentials file's count.
};

/// A file that is not there says nothing. Fails with kIo and kCorrupt, naming the file.
[[nodiscard]] Result<ProfileFiles> read_profile_files(const ProfileChoice& choice, const ReadVariable& variable);

/// The profile's `endpoint_url` for a service ("sts"): that of its services section, else its own. Empty: none.
[[nodiscard]] std::string profile_endpoint(const ProfileFiles& files, std::string_view profile,
                                           std::string_view service);

/// What the chosen profile says of where services are.
struct ProfileEndpoints {
  std::string control_plane{};  ///< Of the services section, else the profile's own.
  std::string signaling{};      ///< Of the services section.
  std::string storage{};        ///< Likewise.
  bool are_ignored = false;     ///< These, and those of variables: `ignore_configured_endpoint_urls`.
  bool use_fips = false;
  bool use_dualstack = false;
};
/// Nothing, where there is no such profile. Fails as read_profile_files().
[[nodiscard]] Result<ProfileEndpoints> read_profile_endpoints(const ReadVariable& variable);

/// AWS_REGION, AWS_DEFAULT_REGION, the chosen profile's region; empty when nobody says.
[[nodiscard]] std::string find_region(const ProfileChoice& choice, const ReadVariable& variable);

}  // namespace heliograph::sdk
