// RevokedKeys: access keys that are refused from now on, whatever else says that they are good.
#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "server/principal.hpp"

namespace heliograph::server::events {

/// Stands before another source, and does not know whom it has revoked, nor the sessions that were asked for with such
/// a key. Kept in a file, so that a restart forgets
/// nothing. Threads: any; changes wait for the disk.
class RevokedKeys final : public PrincipalSource {
 public:
  explicit RevokedKeys(const PrincipalSource& principals) : principals_(principals) {}

  /// Reads the file, if there is one. Fails with kIo or kCorrupt.
  [[nodiscard]] Result<void> open(std::filesystem::path file);

  /// Fails with kInvalidArgument (not the shape of a key; the administrator's, which the service itself acts with) and
  /// kIo; then nothing has changed.
  [[nodiscard]] Result<void> revoke(const std::string& key, const std::string& reason, WallTime now);
  /// Fails with kResourceNotFound when the key is not revoked, and with kIo.
  [[nodiscard]] Result<void> restore(const std::string& key);
  [[nodiscard]] bool is_revoked(std::string_view key) const;
  /// Whether there is such a key, revoked or not. Keys of temporary credentials are not kept anywhere: they count as
  /// known.
  [[nodiscard]] bool knows(std::string_view key) const {
    return key.starts_with("ASIA") || principals_.find(key) != nullptr;
  }
  /// {"keys":[{"accessKeyId","time","reason"}]}
  [[nodiscard]] std::string to_json() const;
  [[nodiscard]] std::size_t size() const;

  [[nodiscard]] PrincipalPtr find(std::string_view access_key_id) const override {
    return is_revoked(access_key_id) ? nullptr : principals_.find(access_key_id);
  }
  [[nodiscard]] PrincipalPtr find_session(std::string_view access_key_id, std::string_view token) const override {
    PrincipalPtr session = is_revoked(access_key_id) ? nullptr : principals_.find_session(access_key_id, token);
    return session != nullptr && is_revoked(session->parent.view()) ? nullptr : session;
  }
  [[nodiscard]] bool still_knows(const Principal& principal) const override {
    return !is_revoked(principal.id.view()) && !is_revoked(principal.parent.view()) &&
           principals_.still_knows(principal);
  }
  [[nodiscard]] PrincipalPtr administrator() const override { return principals_.administrator(); }

 private:
  struct Entry {
    std::string time;
    std::string reason;
  };
  using Keys = std::map<std::string, Entry, std::less<>>;
  /// Writes the file, and takes the keys over if that went well.
  [[nodiscard]] Result<void> change_to(Keys next);

  const PrincipalSource& principals_;
  std::filesystem::path file_;
  mutable std::shared_mutex mutex_;
  std::mutex changing_;  ///< Held over a change and its file; never with the other one while it waits for the disk.
  Keys keys_;
};

}  // namespace heliograph::server::events
