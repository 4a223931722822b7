// The console's "join": one call from a channel's name to everything a page needs for a call.
#pragma once

#include <string>

#include "heliograph/result.hpp"
#include "net/http.hpp"
#include "server/control_plane.hpp"

namespace heliograph::server {

struct JoinParts {
  const ControlPlane& control_plane;
  std::string region;
  AuditSink* audit = nullptr;  ///< Null: nobody keeps an audit log.
};

/// Finds the channel, makes it if it is missing, and gives its ARN, its endpoint and ICE servers as JSON. Carried out
/// by the operations of the KVS API themselves, so that the console sees what every client sees. Blocks on the store.
/// The context's note tells what was decided last: about the channel, then about ICE servers. That a channel was made
/// is a line of its own in the audit log.
[[nodiscard]] net::HttpResponse join_channel(const JoinParts& parts, const std::string& body,
                                             const PrincipalPtr& caller, const RequestContext& context);

/// For the advisor of ICE servers: of a join that was answered with 200.
[[nodiscard]] IceQuestion to_ice_question(const std::string& body, const std::string& answer, PrincipalPtr caller,
                                          const RequestContext& context);
/// Puts more servers into such an answer.
void add_ice_servers(net::HttpResponse& joined, const std::vector<IceServer>& servers);

}  // namespace heliograph::server
