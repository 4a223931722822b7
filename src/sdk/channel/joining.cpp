// From a name to endpoints and relays.
#include "sdk/channel/joining.hpp"

#include <utility>

#include "sdk/channel/channel_call_templates.hpp"
#include "sdk/credentials/quote.hpp"

namespace heliograph::sdk {

void ChannelApi::join(JoinQuery query, Handler<JoinInfo> done, int attempts) {
  if (auto fault = find_fault(query.channel)) return refuse<JoinInfo>(*std::move(fault), std::move(done));
  const auto joining = std::make_shared<Joining>(shared_from_this(), std::move(query), std::move(done), attempts);
  world_.post([joining]() { joining->start(); });
}

void Joining::start() {
  if (is_arn(query_.channel)) return on_arn(query_.channel);
  if (auto arn = api_->memory_.arn(api_->now(), query_.channel)) {
    was_remembered_ = true;
    return on_arn(*std::move(arn));
  }
  api_->describe_settled(
      query_.channel, begun_.deadline,
      [self = shared_from_this()](Result<ChannelInfo> info) {
        if (!info) return self->fail(std::move(info).error());
        self->on_arn(std::move(info->arn));
      },
      attempts_);
}

void Joining::on_arn(std::string arn) {
  info_.channel_arn = std::move(arn);
  info_.region = api_->region();
  if (!api_->settings_.stun_uri.empty()) info_.ice_servers.push_back({.uris = {api_->settings_.stun_uri}});
  if (api_->settings_.signaling) find_ice();
  find_endpoints();
}

void Joining::find_endpoints() {
  const auto known = api_->memory_.endpoints(api_->now(), info_.channel_arn, query_.role);
  if (known && !known->wss.empty() && !known->https.empty()) return on_endpoints(*known);
  api_->endpoints_of(
      info_.channel_arn, query_.role, {ChannelProtocol::kWss, ChannelProtocol::kHttps}, begun_.deadline,
      [self = shared_from_this()](const Result<ChannelEndpoints>& found) { self->on_endpoints(found); }, attempts_);
}

void Joining::on_endpoints(const Result<ChannelEndpoints>& endpoints) {
  if (!done_) return;
  if (!endpoints) return fail(endpoints.error());
  if (!endpoints->wss.starts_with("wss://") && !endpoints->wss.starts_with("ws://"))
    return fail({Errc::kCorrupt, "the service named no usable WSS endpoint ('" + quote_url(endpoints->wss) + "')"});
  info_.wss_endpoint = endpoints->wss;
  info_.https_endpoint = endpoints->https;
  has_endpoints_ = true;
  if (!is_asking_ice_) find_ice();
  finish_if_complete();
}

void Joining::find_ice() {
  is_asking_ice_ = true;
  const IceQuery query{info_.channel_arn, query_.role, query_.client_id, {}};
  if (auto known = api_->memory_.ice(api_->now(), query)) return on_ice(*std::move(known));
  api_->ice_of(query, begun_, [self = shared_from_this()](Result<std::vector<IceServer>> servers) {
    self->on_ice(std::move(servers));
  });
}

void Joining::on_ice(Result<std::vector<IceServer>> servers) {
  if (!done_) return;
  if (!servers) {
    // Without the channel there is nothing to join; without relays there may be.
    const Errc code = servers.error().code;
    if (code == Errc::kClosed || code == Errc::kResourceNotFound) return fail(std::move(servers).error());
    info_.ice_error = std::move(servers).error();
    api_->world_.log(LogLevel::kWarning, "there are no relays: " + info_.ice_error->detail);
  } else {
    for (IceServer& server : *servers) info_.ice_servers.push_back(std::move(server));
  }
  has_ice_ = true;
  finish_if_complete();
}

void Joining::finish_if_complete() {
  if (!has_endpoints_ || !has_ice_ || !done_) return;
  // What an endpoint that was remembered and given up has been replaced by.
  if (const auto now_known = api_->memory_.endpoints(api_->now(), info_.channel_arn, query_.role);
      now_known && !now_known->wss.empty()) {
    info_.wss_endpoint = now_known->wss;
    info_.https_endpoint = now_known->https;
  }
  std::exchange(done_, nullptr)(std::move(info_));
}

void Joining::fail(Error error) {
  if (!done_) return;
  if (was_remembered_ && error.code == Errc::kResourceNotFound) {
    // Deleted meanwhile, and perhaps made anew: under another ARN.
    api_->memory_.forget(query_.channel);
    const auto again = std::make_shared<Joining>(api_, query_, std::exchange(done_, nullptr), attempts_);
    again->begun_.deadline = begun_.deadline;
    return again->start();
  }
  std::exchange(done_, nullptr)(std::move(error));
}

}  // namespace heliograph::sdk
