// AuditSink: where it is told who did what, as a seam.
#pragma once

#include <string>
#include <string_view>

#include "net/http.hpp"
#include "server/principal.hpp"

namespace heliograph::server {

/// One act. Views need to live only for the call. None of it may be a secret.
struct AuditEntry {
  std::string_view event;                ///< "call", "connect", "sign-in", "user", "sts", "admin"
  const Principal* principal = nullptr;  ///< Who, when that is proven.
  std::string_view key_id{};             ///< What it claims to be, when nothing is proven.
  std::string_view from{};               ///< Address.
  std::string_view action{};    ///< "kinesisvideo:ConnectAsViewer", "heliograph:AddUser", "heliograph:disconnect"
  std::string_view resource{};  ///< ARN or name; empty: none.
  bool allowed = false;
  std::string_view why{};    ///< The statement that decided.
  std::string_view error{};  ///< Type of the error that was answered; empty: none.
  std::string_view request_id{};
};

/// Threads: any. Must not block and not throw.
class AuditSink {
 public:
  AuditSink() = default;
  AuditSink(const AuditSink&) = delete;
  AuditSink& operator=(const AuditSink&) = delete;
  virtual ~AuditSink() = default;
  virtual void write(const AuditEntry& entry) = 0;
};

/// The access key id that a request claims, proven or not; empty: none. At most 128 characters.
[[nodiscard]] inline std::string_view claimed_key(const net::HttpRequest& request) {
  constexpr std::size_t kMax = 128;
  const auto after = [](std::string_view text, std::string_view mark) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) return std::string_view{};
    const std::string_view rest = text.substr(at + mark.size(), kMax);
    return rest.substr(0, rest.find_first_of("/%, &"));
  };
  const std::string_view in_header = after(request.header("Authorization"), "Credential=");
  return in_header.empty() ? after(request.target, "X-Amz-Credential=") : in_header;
}

}  // namespace heliograph::server
