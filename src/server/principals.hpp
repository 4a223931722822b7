// Principals: the access keys that may sign requests, from DATA/credentials, an AWS shared credentials file.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::server {

/// One access key, an administrator's; `name` (the file's section) is for logs.
using Principal = wire::CredentialsProfile;

/// Threads: immutable after loading, so any.
class Principals {
 public:
  /// Reads the file; makes it (mode 0600, one key in [default]) when it is missing. Fails with kCorrupt, naming file
  /// and line, when it cannot be understood or holds no key.
  [[nodiscard]] static Result<Principals> load_or_create(const std::filesystem::path& file, Rng& rng);
  /// The same from text.
  [[nodiscard]] static Result<Principals> parse(std::string_view text);

  /// Null when the key is unknown.
  [[nodiscard]] const Principal* find(std::string_view access_key_id) const;
  /// The first key of the file: what the service itself signs with.
  [[nodiscard]] const Principal& administrator() const { return by_id_.at(first_); }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, Principal, Hash, std::equal_to<>> by_id_;
  std::string first_;
};

}  // namespace heliograph::server
