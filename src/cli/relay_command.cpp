// One call of the admin API.
#include "cli/relay_command.hpp"

#include <boost/json.hpp>

namespace heliograph::cli {

Result<std::string> revoke_relay(const std::string& channel, const ServiceOptions& options) {
  const auto service = find_service(options);
  if (!service) return service.error();
  const char* member = channel.starts_with("arn:") ? "channelArn" : "channelName";
  const auto answer = call(*service, service->any(), "/_heliograph/v1/admin/relay/revoke", {{member, channel}});
  if (!answer) return answer.error();
  std::string text = "Relay credentials of " + text_of(*answer, "channelArn") + " are void; ";
  if (const auto* ended = answer->if_contains("allocationsEnded"); ended != nullptr && ended->is_number())
    return text + "allocations ended: " + std::to_string(ended->to_number<std::int64_t>()) + ".";
  return text + text_of(*answer, "warning") + ".";
}

}  // namespace heliograph::cli
