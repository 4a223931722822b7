// Revocations: which relay credentials are void before their time.
#pragma once

#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "server/relay/turn_credentials.hpp"

namespace heliograph::server::relay {

/// By the opaque part of user names: all that expire by a given second are void. An entry is forgotten when everything
/// it voids has expired anyway, and lies in a file until then, so that a restart revives nothing. Threads: any.
class Revocations {
 public:
  /// Longest time that credentials live; those of a channel that was revoked before may live a second longer.
  static constexpr std::int64_t kLongestLife = 300;

  Revocations() = default;  ///< Without a file.
  /// Reads the file if there is one; a line that cannot be read is passed over. Fails with kIo.
  [[nodiscard]] Result<void> load(std::filesystem::path file, WallTime now);

  /// Voids what was handed out until now. Fails with kIo when it cannot be kept; it is in force all the same.
  Result<void> revoke(const std::string& opaque, WallTime now);
  [[nodiscard]] bool is_revoked(const TurnUser& user) const;
  [[nodiscard]] WallTime least_expiry(const std::string& opaque) const;

 private:
  void forget_expired(std::int64_t now);
  [[nodiscard]] Result<void> rewrite() const;

  mutable std::mutex mutex_;
  std::filesystem::path file_;
  // Under mutex_:
  std::unordered_map<std::string, std::int64_t> last_void_;  ///< Opaque → last expiry that is void.
  /// The entries in the order in which they were made, which is that of their expiry but for a second here and there.
  std::deque<std::pair<std::int64_t, std::string>> by_expiry_;
  std::size_t lines_ = 0;  ///< Of the file.
};

}  // namespace heliograph::server::relay
