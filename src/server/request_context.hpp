// RequestContext: how a request came in.
#pragma once

#include <memory>
#include <string>
#include <utility>

#include "base/clock.hpp"
#include "heliograph/error.hpp"
#include "net/http.hpp"

namespace heliograph::server {

/// What was decided about a request, for the audit log.
struct AccessNote {
  std::string action;    ///< "kinesisvideo:ConnectAsViewer"
  std::string resource;  ///< ARN, or "*".
  std::string why;       ///< The statement that allowed or denied, or who else did.
  bool allowed = false;
};

/// Policies allowed it, and then something else did not. Without a note nothing is done.
inline void note_refusal(const std::shared_ptr<AccessNote>& note, std::string why) {
  if (note == nullptr) return;
  note->allowed = false;
  note->why = std::move(why);
}
/// The same for the authorization webhook.
inline void note_veto(const std::shared_ptr<AccessNote>& note, const Error& veto) {
  note_refusal(note, "authorization webhook: " + (veto.detail.empty() ? "it could not be asked" : veto.detail));
}

struct RequestContext {
  bool tls = false;
  std::string host;        ///< The Host header, as received.
  std::string request_id;  ///< For the log of failures that are ours.
  WallTime now;
  SteadyTime at{};         ///< The same moment, for rates.
  std::string source_ip;   ///< Of the socket: no proxy's word is taken for it.
  std::string user_agent;  ///< As received; empty: none.
  /// Filled by the Authorizer; null: nobody asks.
  std::shared_ptr<AccessNote> note{};
};

[[nodiscard]] inline RequestContext to_context(const net::HttpRequest& request, std::string request_id,
                                               const Clock& clock) {
  return {request.peer.tls,
          std::string(request.header("Host")),
          std::move(request_id),
          clock.wall_now(),
          clock.steady_now(),
          request.peer.address,
          std::string(request.header("User-Agent")),
          nullptr};
}

}  // namespace heliograph::server
