// SendAlexaOfferToMaster: a call that lasts until the channel's master has answered.
#include <algorithm>
#include <utility>

#include "server/api/channel_target.hpp"
#include "wire/json_text.hpp"

namespace heliograph::server::api {
namespace {

// Shorter than the minute after which SDKs give a call up, and would make it again.
constexpr std::chrono::seconds kLongestWait{50};

std::string to_json(std::string_view answer) {
  std::string out = "{\"Answer\":";
  wire::append_json_string(out, answer);
  out += '}';
  return out;
}

}  // namespace

void send_alexa_offer(const Request& request, Finish finish) {
  RequestReader reader(request.body);
  core::Ask ask;
  ask.channel = read_arn(reader, "ChannelARN");
  ask.sender = ClientId(reader.text("SenderClientId", kName));
  ask.payload = reader.text("MessagePayload", kPayload);
  if (reader.error()) return finish(*reader.error());

  const auto channel = request.parts.store.channel_by_arn(ask.channel);
  if (!channel) return finish(channel.error());
  // "If the master is offline, the offer is kept until the message expires" (API reference): MessageTtlSeconds.
  ask.patience = std::min(channel->message_ttl, kLongestWait);
  request.parts.master_line.ask(request.context.at, std::move(ask),
                                [finish = std::move(finish)](Result<std::string> answer) {
                                  if (!answer) return finish(std::move(answer).error());
                                  finish(to_json(*answer));
                                });
}

}  // namespace heliograph::server::api
