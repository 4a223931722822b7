// Principals: the access keys that may sign requests, from DATA/credentials, an AWS shared credentials file.
#pragma once

#include <filesystem>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "server/principal.hpp"

namespace heliograph::server {

/// Threads: immutable after loading, so any.
class Principals final : public PrincipalSource {
 public:
  /// Reads the file; makes it (mode 0600, one key in [default]) when it is missing. Every key in it is an
  /// administrator's: who can read the file can do anything anyway. Fails with kCorrupt, naming file and line, when it
  /// cannot be understood or holds no key.
  [[nodiscard]] static Result<Principals> load_or_create(const std::filesystem::path& file, Rng& rng);
  /// The same from text.
  [[nodiscard]] static Result<Principals> parse(std::string_view text);

  /// Adds those who are not in the file; of two with the same key the later holds.
  void add(std::vector<Principal> principals);

  [[nodiscard]] PrincipalPtr find(std::string_view access_key_id) const override;
  /// Whether one of them is called so.
  [[nodiscard]] bool has_name(std::string_view name) const;
  /// The first key of the file.
  [[nodiscard]] PrincipalPtr administrator() const override { return administrator_; }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const noexcept { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, PrincipalPtr, Hash, std::equal_to<>> by_id_;
  PrincipalPtr administrator_;
};

}  // namespace heliograph::server
