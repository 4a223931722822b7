// Filters, and the texts they come from.
#include "server/events/connection_filter.hpp"

#include <charconv>

#include "wire/arn.hpp"

namespace heliograph::server::events {

bool ConnectionFilter::holds_for(const ConnectionFacts& facts) const {
  if (role && *role != facts.role) return false;
  if (!client.empty() && client != facts.client.view()) return false;
  if (!key.empty() && key != facts.principal->id.view()) return false;
  if (!connection.empty() && connection != to_text(facts.conn)) return false;
  if (channel.empty() || channel == facts.channel.view()) return true;
  const auto arn = wire::parse_arn(facts.channel.view());
  return arn && arn->name == channel;
}

Result<wire::Role> parse_role(std::string_view text) {
  if (text == "MASTER" || text == "master") return wire::Role::kMaster;
  if (text == "VIEWER" || text == "viewer") return wire::Role::kViewer;
  return Error{Errc::kInvalidArgument, "role must be MASTER or VIEWER"};
}

Result<ConnId> parse_conn(std::string_view text) {
  ConnId conn;
  const char* const end = text.data() + text.size();
  const auto worker = std::from_chars(text.data(), end, conn.worker);
  if (worker.ec == std::errc{} && worker.ptr != end && *worker.ptr == '-') {
    const auto serial = std::from_chars(worker.ptr + 1, end, conn.serial);
    if (serial.ec == std::errc{} && serial.ptr == end) return conn;
  }
  return Error{Errc::kInvalidArgument, "this is not the id of a connection, such as 1-42"};
}

}  // namespace heliograph::server::events
