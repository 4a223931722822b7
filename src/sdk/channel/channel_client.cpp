// ChannelClient: from any thread to the loop's, and back to where handlers run.
#include "heliograph/channel_client.hpp"

#include <future>
#include <utility>

#include "heliograph/credential_sources.hpp"
#include "sdk/channel/channel_api.hpp"
#include "sdk/loop.hpp"
#include "sdk/loop_gate.hpp"

namespace heliograph {

struct ChannelClient::Impl {
  std::shared_ptr<EventLoop> loop;
  std::shared_ptr<CredentialProvider> credentials;
  std::shared_ptr<HandlerGate> gate;  ///< One at a time; never closed, since every handler is owed its result.
  std::shared_ptr<sdk::ChannelApi> api;

  /// Has `start` called on the loop's thread with the handler to call there.
  template <class T, class Start>
  void begin(Start start, Handler<T> done) {
    loop->parts().post(
        [api = api, start = std::move(start), done = std::move(done)]() mutable { start(*api, std::move(done)); });
  }
  /// The same; the handler is called where the application wants it.
  template <class T, class Start>
  void start(Start start, Handler<T> done) {
    begin<T>(std::move(start), [gate = gate, done = std::move(done)](Result<T> result) {
      // By a pointer: what a std::function holds must be copied, and results can be large.
      auto shared = std::make_shared<Result<T>>(std::move(result));
      gate->post([done, shared]() { done(std::move(*shared)); });
    });
  }
  /// The same, waiting. Not by way of the executor: that may be waiting here.
  template <class T, class Start>
  Result<T> wait(Start start) {
    if (loop->is_current_thread()) {
      return Error{Errc::kInvalidArgument,
                   "a call that waits was made on the loop's own thread, in a handler, where its result could never "
                   "come; give the call a handler"};
    }
    const auto promise = std::make_shared<std::promise<Result<T>>>();
    auto future = promise->get_future();
    begin<T>(std::move(start), [promise](Result<T> result) { promise->set_value(std::move(result)); });
    return future.get();
  }
};

Result<std::shared_ptr<ChannelClient>> ChannelClient::create(Options options) {
  if (!options.loop) {
    auto loop = EventLoop::create();
    if (!loop) return loop.error();
    options.loop = *std::move(loop);
  }
  if (!options.credentials) options.credentials = default_credentials({.loop = options.loop});
  if (options.region.empty()) options.region = default_region();
  // Calls under way keep the loop's core, and nothing that keeps the loop: they end on its thread, which cannot wait
  // for itself.
  auto impl = std::make_unique<Impl>(Impl{std::exchange(options.loop, nullptr), options.credentials, nullptr, nullptr});
  const auto core = impl->loop->parts().core();
  const auto& variable = core->world().variable;
  auto settings = sdk::to_settings(std::move(options), variable, sdk::read_profile_endpoints(variable));
  if (!settings) return settings.error();
  impl->gate = sdk::make_gate(core);
  impl->api = sdk::ChannelApi::make(core->world(), *std::move(settings), core);
  return std::shared_ptr<ChannelClient>(new ChannelClient(std::move(impl)));
}

ChannelClient::ChannelClient(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}

ChannelClient::~ChannelClient() {
  impl_->loop->parts().post([api = impl_->api]() { api->close(); });
}

// One line of what to call, for both ways of calling it.
namespace {

using Api = sdk::ChannelApi;
template <class T>
using Handler = ChannelClient::Handler<T>;

auto creating(NewChannel channel) {
  return [channel = std::move(channel)](Api& api, Handler<std::string> done) {
    api.create_channel(channel, std::move(done));
  };
}
auto describing(std::string channel) {
  return [channel = std::move(channel)](Api& api, Handler<ChannelInfo> done) {
    api.describe_channel(channel, std::move(done));
  };
}
auto listing_page(ChannelQuery query) {
  return [query = std::move(query)](Api& api, Handler<ChannelPage> done) {
    api.list_channels_page(query, std::move(done));
  };
}
auto listing(ChannelQuery query) {
  return [query = std::move(query)](Api& api, Handler<std::vector<ChannelInfo>> done) {
    api.list_channels(query, std::move(done));
  };
}
auto updating(std::string channel, ChannelUpdate update) {
  return [channel = std::move(channel), update = std::move(update)](Api& api, Handler<void> done) {
    api.update_channel(channel, update, std::move(done));
  };
}
auto deleting(std::string channel, std::string version) {
  return [channel = std::move(channel), version = std::move(version)](Api& api, Handler<void> done) {
    api.delete_channel(channel, version, std::move(done));
  };
}
auto tagging(std::string channel, Tags tags) {
  return [channel = std::move(channel), tags = std::move(tags)](Api& api, Handler<void> done) {
    api.tag_channel(channel, tags, std::move(done));
  };
}
auto untagging(std::string channel, std::vector<std::string> keys) {
  return [channel = std::move(channel), keys = std::move(keys)](Api& api, Handler<void> done) {
    api.untag_channel(channel, keys, std::move(done));
  };
}
auto listing_tags(std::string channel) {
  return [channel = std::move(channel)](Api& api, Handler<Tags> done) { api.list_tags(channel, std::move(done)); };
}
auto getting_endpoints(EndpointQuery query) {
  return [query = std::move(query)](Api& api, Handler<ChannelEndpoints> done) {
    api.get_endpoints(query, std::move(done));
  };
}
auto getting_ice(IceQuery query) {
  return [query = std::move(query)](Api& api, Handler<std::vector<IceServer>> done) {
    api.get_ice_servers(query, std::move(done));
  };
}
auto describing_storage(std::string channel) {
  return [channel = std::move(channel)](Api& api, Handler<MediaStorage> done) {
    api.describe_media_storage(channel, std::move(done));
  };
}
auto updating_storage(std::string channel, MediaStorage storage) {
  return [channel = std::move(channel), storage = std::move(storage)](Api& api, Handler<void> done) {
    api.update_media_storage(channel, storage, std::move(done));
  };
}
auto joining_storage(StorageSession session) {
  return [session = std::move(session)](Api& api, Handler<void> done) {
    api.join_storage_session(session, std::move(done));
  };
}
auto sending_offer(AlexaOffer offer) {
  return
      [offer = std::move(offer)](Api& api, Handler<std::string> done) { api.send_alexa_offer(offer, std::move(done)); };
}
auto joining(JoinQuery query) {
  return [query = std::move(query)](Api& api, Handler<JoinInfo> done) { api.join(query, std::move(done)); };
}

}  // namespace

void ChannelClient::create_channel(NewChannel channel, Handler<std::string> done) {
  impl_->start<std::string>(creating(std::move(channel)), std::move(done));
}
Result<std::string> ChannelClient::create_channel(NewChannel channel) {
  return impl_->wait<std::string>(creating(std::move(channel)));
}
void ChannelClient::describe_channel(std::string channel, Handler<ChannelInfo> done) {
  impl_->start<ChannelInfo>(describing(std::move(channel)), std::move(done));
}
Result<ChannelInfo> ChannelClient::describe_channel(std::string channel) {
  return impl_->wait<ChannelInfo>(describing(std::move(channel)));
}
void ChannelClient::list_channels_page(ChannelQuery query, Handler<ChannelPage> done) {
  impl_->start<ChannelPage>(listing_page(std::move(query)), std::move(done));
}
Result<ChannelPage> ChannelClient::list_channels_page(ChannelQuery query) {
  return impl_->wait<ChannelPage>(listing_page(std::move(query)));
}
void ChannelClient::list_channels(ChannelQuery query, Handler<std::vector<ChannelInfo>> done) {
  impl_->start<std::vector<ChannelInfo>>(listing(std::move(query)), std::move(done));
}
Result<std::vector<ChannelInfo>> ChannelClient::list_channels(ChannelQuery query) {
  return impl_->wait<std::vector<ChannelInfo>>(listing(std::move(query)));
}
void ChannelClient::update_channel(std::string channel, ChannelUpdate update, Handler<void> done) {
  impl_->start<void>(updating(std::move(channel), std::move(update)), std::move(done));
}
Result<void> ChannelClient::update_channel(std::string channel, ChannelUpdate update) {
  return impl_->wait<void>(updating(std::move(channel), std::move(update)));
}
void ChannelClient::delete_channel(std::string channel, std::string version, Handler<void> done) {
  impl_->start<void>(deleting(std::move(channel), std::move(version)), std::move(done));
}
Result<void> ChannelClient::delete_channel(std::string channel, std::string version) {
  return impl_->wait<void>(deleting(std::move(channel), std::move(version)));
}
void ChannelClient::tag_channel(std::string channel, Tags tags, Handler<void> done) {
  impl_->start<void>(tagging(std::move(channel), std::move(tags)), std::move(done));
}
Result<void> ChannelClient::tag_channel(std::string channel, Tags tags) {
  return impl_->wait<void>(tagging(std::move(channel), std::move(tags)));
}
void ChannelClient::untag_channel(std::string channel, std::vector<std::string> keys, Handler<void> done) {
  impl_->start<void>(untagging(std::move(channel), std::move(keys)), std::move(done));
}
Result<void> ChannelClient::untag_channel(std::string channel, std::vector<std::string> keys) {
  return impl_->wait<void>(untagging(std::move(channel), std::move(keys)));
}
void ChannelClient::list_tags(std::string channel, Handler<Tags> done) {
  impl_->start<Tags>(listing_tags(std::move(channel)), std::move(done));
}
Result<Tags> ChannelClient::list_tags(std::string channel) {
  return impl_->wait<Tags>(listing_tags(std::move(channel)));
}
void ChannelClient::get_endpoints(EndpointQuery query, Handler<ChannelEndpoints> done) {
  impl_->start<ChannelEndpoints>(getting_endpoints(std::move(query)), std::move(done));
}
Result<ChannelEndpoints> ChannelClient::get_endpoints(EndpointQuery query) {
  return impl_->wait<ChannelEndpoints>(getting_endpoints(std::move(query)));
}
void ChannelClient::get_ice_servers(IceQuery query, Handler<std::vector<IceServer>> done) {
  impl_->start<std::vector<IceServer>>(getting_ice(std::move(query)), std::move(done));
}
Result<std::vector<IceServer>> ChannelClient::get_ice_servers(IceQuery query) {
  return impl_->wait<std::vector<IceServer>>(getting_ice(std::move(query)));
}
void ChannelClient::describe_media_storage(std::string channel, Handler<MediaStorage> done) {
  impl_->start<MediaStorage>(describing_storage(std::move(channel)), std::move(done));
}
Result<MediaStorage> ChannelClient::describe_media_storage(std::string channel) {
  return impl_->wait<MediaStorage>(describing_storage(std::move(channel)));
}
void ChannelClient::update_media_storage(std::string channel, MediaStorage storage, Handler<void> done) {
  impl_->start<void>(updating_storage(std::move(channel), std::move(storage)), std::move(done));
}
Result<void> ChannelClient::update_media_storage(std::string channel, MediaStorage storage) {
  return impl_->wait<void>(updating_storage(std::move(channel), std::move(storage)));
}
void ChannelClient::join_storage_session(StorageSession session, Handler<void> done) {
  impl_->start<void>(joining_storage(std::move(session)), std::move(done));
}
Result<void> ChannelClient::join_storage_session(StorageSession session) {
  return impl_->wait<void>(joining_storage(std::move(session)));
}
void ChannelClient::send_alexa_offer(AlexaOffer offer, Handler<std::string> done) {
  impl_->start<std::string>(sending_offer(std::move(offer)), std::move(done));
}
Result<std::string> ChannelClient::send_alexa_offer(AlexaOffer offer) {
  return impl_->wait<std::string>(sending_offer(std::move(offer)));
}
void ChannelClient::join(JoinQuery query, Handler<JoinInfo> done) {
  impl_->start<JoinInfo>(joining(std::move(query)), std::move(done));
}
Result<JoinInfo> ChannelClient::join(JoinQuery query) { return impl_->wait<JoinInfo>(joining(std::move(query))); }
void ChannelClient::invalidate(std::string_view channel) {
  impl_->loop->parts().post([api = impl_->api, name = std::string(channel)]() { api->invalidate(name); });
}

const std::string& ChannelClient::region() const noexcept { return impl_->api->region(); }
const std::string& ChannelClient::endpoint() const noexcept { return impl_->api->settings().options.endpoint; }
const std::shared_ptr<CredentialProvider>& ChannelClient::credentials() const noexcept { return impl_->credentials; }
const std::shared_ptr<EventLoop>& ChannelClient::loop() const noexcept { return impl_->loop; }
std::chrono::milliseconds ChannelClient::clock_offset() const noexcept { return impl_->api->clock_offset(); }
const std::shared_ptr<sdk::ChannelApi>& ChannelClient::parts() const noexcept { return impl_->api; }

}  // namespace heliograph
