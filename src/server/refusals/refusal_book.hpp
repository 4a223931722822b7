// RefusalBook: the latest requests that were refused, and why, for the administrator who asks.
#pragma once

#include <cstddef>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "wire/sigv4_explain.hpp"

namespace heliograph::server {

/// Neither a signature nor a token nor a body is kept: what is here opens nothing.
struct Refusal {
  WallTime at{};
  std::string request_id;  ///< x-amzn-RequestId of the answer; empty where there is none.
  std::string from;        ///< Address of the peer.
  std::string method;
  std::string path;
  std::string type;        ///< "InvalidSignatureException"
  std::string detail;      ///< What the peer was told.
  std::string access_key;  ///< As the request names it.
  std::string action{};    ///< Of a denial by policy: "kinesisvideo:ConnectAsViewer".
  std::string resource{};  ///< Likewise: the ARN.
  std::string decision{};  ///< Likewise: which statement, or that there is none.
  wire::RefusalExplanation explanation{};
};

/// Holds the last hundred. Threads: any.
class RefusalBook {
 public:
  static constexpr std::size_t kMost = 100;

  void add(Refusal refusal);
  /// Newest first.
  [[nodiscard]] std::vector<Refusal> latest(std::size_t most) const;
  [[nodiscard]] std::optional<Refusal> find(std::string_view request_id) const;

  /// What the service is called: signers may have meant another of these names than the one they reached.
  void set_own_hosts(std::vector<std::string> hosts) {
    const std::lock_guard lock(mutex_);
    own_hosts_ = std::move(hosts);
  }
  [[nodiscard]] std::vector<std::string> own_hosts() const {
    const std::lock_guard lock(mutex_);
    return own_hosts_;
  }

 private:
  mutable std::mutex mutex_;
  std::vector<std::string> own_hosts_;  ///< Under mutex_.
  std::deque<Refusal> refusals_;        ///< Under mutex_; oldest first.
};

/// `{"time":…,"requestId":…,"differences":[…],…}`
[[nodiscard]] std::string to_json(const Refusal& refusal);

}  // namespace heliograph::server
