// HostLookup: from names to addresses, without waiting for a resolver that does not answer.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "heliograph/result.hpp"

namespace heliograph::net {

/// Gives the addresses of a host as texts, at least one, or fails with kIo. May block. Threads: any.
using ResolveHost = std::function<Result<std::vector<std::string>>(const std::string& host)>;

/// The system's way (/etc/hosts, DNS): blocks for as long as its servers are silent, which can be half a minute.
[[nodiscard]] Result<std::vector<std::string>> resolve_host(const std::string& host);

/// Asks in a thread per name, which is let go of: nobody can interrupt the system's resolver, so nobody waits for it. A
/// name that is asked for while its lookup is under way shares it. Threads: one, that of `post`.
class HostLookup {
 public:
  using Done = std::function<void(const Result<std::vector<std::string>>&)>;
  /// Has a function called on the owner's thread, later.
  using Post = std::function<void(std::function<void()>)>;

  /// Names looked up at once; more fail, so that silent servers do not cost a thread for each.
  static constexpr std::size_t kMaxUnderWay = 8;

  explicit HostLookup(Post post, ResolveHost resolve = resolve_host);
  /// Returns at once; what is under way calls nobody any more.
  ~HostLookup();
  HostLookup(const HostLookup&) = delete;
  HostLookup& operator=(const HostLookup&) = delete;

  /// `done` is called once, here or later, unless this goes before.
  void find(const std::string& host, Done done);

 private:
  struct Desk;
  std::shared_ptr<Desk> desk_;  ///< Shared with the threads, which may outlive this.
};

}  // namespace heliograph::net
