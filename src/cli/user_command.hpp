// `heliograph user` and `heliograph role`: who may use a running service beside its administrator.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::cli {

class AdminClient;

enum class UserAct : std::uint8_t { kAdd, kList, kSet, kRotate, kRemove };

struct UserWish {
  UserAct act{};
  bool is_role = false;  ///< About a role, not a user.
  std::string name;
  std::vector<std::filesystem::path> policies;  ///< Each is named like its file.
  std::vector<std::string> tags;                ///< "key=value"
  bool no_policies = false;                     ///< Set: take all away.
  bool no_tags = false;
  std::filesystem::path trust;  ///< Of a role.
  unsigned max_session = 0;     ///< Of a role, seconds; 0: as it is.
  bool keep_old = false;        ///< Rotate: the keys before stay.
  std::string key;              ///< Remove: only this access key.
  bool json = false;
};

/// Does it, and gives what is to be printed: text for people, or with `json` the service's answer. A new key is printed
/// as a section of an AWS shared credentials file. Fails naming what is wrong; nothing has changed then.
/// @param warnings  gets what in its policies is likely not what was meant.
[[nodiscard]] Result<std::string> carry_out(const UserWish& wish, const AdminClient& service,
                                            std::vector<std::string>& warnings);

}  // namespace heliograph::cli
