// The operations of the control plane.
#include "sdk/channel/channel_api.hpp"

#include <boost/json.hpp>
#include <utility>

#include "sdk/channel/channel_call_templates.hpp"
#include "sdk/channel/channel_json.hpp"

namespace heliograph::sdk {
namespace {

namespace json = boost::json;

constexpr std::chrono::milliseconds kPollEvery{500};

CallerOptions to_caller_options(const ChannelClient::Options& options, std::shared_ptr<void> keep) {
  return {options.credentials,  options.region,     options.connect_timeout, options.call_timeout,
          options.max_attempts, options.retry_base, options.retry_cap,       std::move(keep)};
}

/// For operations whose answer says nothing.
Caller::Done without_answer(ChannelApi::Handler<void> done) {
  return on_value<json::object>(std::move(done),
                                [](const json::object&, const ChannelApi::Handler<void>& next) { next({}); });
}

json::object named(const std::string& channel) { return {{is_arn(channel) ? "ChannelARN" : "ChannelName", channel}}; }

}  // namespace

std::shared_ptr<ChannelApi> ChannelApi::make(World world, ChannelSettings settings, std::shared_ptr<void> keep) {
  return std::shared_ptr<ChannelApi>(new ChannelApi(std::move(world), std::move(settings), std::move(keep)));
}

ChannelApi::ChannelApi(World world, ChannelSettings settings, std::shared_ptr<void> keep)
    : world_(std::move(world)),
      settings_(std::move(settings)),
      caller_(std::make_shared<Caller>(world_, to_caller_options(settings_.options, std::move(keep)))),
      memory_(settings_.options.endpoint_life, settings_.options.ice_grace) {
  settings_.options.credentials.reset();
}

void ChannelApi::ask(const char* name, const char* path, json::object body, SteadyTime deadline, Caller::Done done,
                     int attempts) {
  // A call under way keeps what it works with.
  caller_->call(
      {.name = name,
       .url = with_path(settings_.control_plane, path),
       .body = std::move(body),
       .deadline = deadline,
       .max_attempts = attempts},
      [self = shared_from_this(), done = std::move(done)](Result<json::object> answer) { done(std::move(answer)); });
}

void ChannelApi::create_channel(NewChannel channel, Handler<std::string> done) {
  const SteadyTime end = deadline();
  const auto then = [self = shared_from_this(), wait = channel.wait_until_active, end](
                        const json::object& answer, const Handler<std::string>& next) {
    auto arn = to_text(answer, "ChannelARN");
    if (!arn || !wait) return next(std::move(arn));
    self->describe_settled(
        *arn, end, on_value<ChannelInfo>(next, [](const ChannelInfo& info, const auto& last) { last(info.arn); }));
  };
  ask("CreateSignalingChannel", "/createSignalingChannel", to_json(channel), end,
      on_value<json::object>(std::move(done), then));
}

void ChannelApi::describe(const std::string& channel, SteadyTime deadline, Handler<ChannelInfo> done, int attempts) {
  const auto then = [self = shared_from_this()](const json::object& answer, const Handler<ChannelInfo>& next) {
    auto info = to_channel_info(answer);
    // One that is being created is not remembered: whoever comes next has to wait for it, too.
    if (info && (info->status == ChannelStatus::kActive || info->status == ChannelStatus::kUpdating))
      self->memory_.put_arn(self->now(), info->name, info->arn);
    next(std::move(info));
  };
  ask("DescribeSignalingChannel", "/describeSignalingChannel", named(channel), deadline,
      on_value<json::object>(std::move(done), then), attempts);
}

void ChannelApi::describe_settled(const std::string& channel, SteadyTime deadline, Handler<ChannelInfo> done,
                                  int attempts) {
  describe(
      channel, deadline,
      on_value<ChannelInfo>(
          std::move(done),
          [self = shared_from_this(), channel, deadline, attempts](ChannelInfo info, const Handler<ChannelInfo>& next) {
            if (info.status == ChannelStatus::kDeleting)
              return next(Error{Errc::kResourceNotFound, "the channel '" + channel + "' is being deleted"});
            if (info.status != ChannelStatus::kCreating) return next(std::move(info));
            if (self->now() + kPollEvery >= deadline)
              return next(Error{Errc::kTimeout, "the channel '" + channel + "' is still being created"});
            self->caller_->wait(kPollEvery, on_value<void>(next, [self, channel, deadline, attempts](auto last) {
                                  self->describe_settled(channel, deadline, std::move(last), attempts);
                                }));
          }),
      attempts);
}

void ChannelApi::describe_channel(std::string channel, Handler<ChannelInfo> done) {
  if (auto fault = find_fault(channel)) return refuse<ChannelInfo>(*std::move(fault), std::move(done));
  describe(channel, deadline(), std::move(done));
}

void ChannelApi::list_channels_page(ChannelQuery query, Handler<ChannelPage> done) {
  ask("ListSignalingChannels", "/listSignalingChannels", to_json(query), deadline(),
      on_value<json::object>(std::move(done), [](const json::object& answer, const Handler<ChannelPage>& next) {
        next(to_channel_page(answer));
      }));
}

void ChannelApi::list_channels(ChannelQuery query, Handler<std::vector<ChannelInfo>> done) {
  list_rest(std::move(query), deadline(), {}, std::move(done));
}

void ChannelApi::list_rest(ChannelQuery query, SteadyTime deadline, std::vector<ChannelInfo> found,
                           Handler<std::vector<ChannelInfo>> done) {
  const auto then = [self = shared_from_this(), query, deadline, found = std::move(found)](
                        const json::object& answer, Handler<std::vector<ChannelInfo>> next) mutable {
    auto page = to_channel_page(answer);
    if (!page) return next(page.error());
    for (ChannelInfo& channel : page->channels) found.push_back(std::move(channel));
    if (page->next_token.empty()) return next(std::move(found));
    query.next_token = std::move(page->next_token);
    self->list_rest(std::move(query), deadline, std::move(found), std::move(next));
  };
  ask("ListSignalingChannels", "/listSignalingChannels", to_json(query), deadline,
      on_value<json::object>(std::move(done), then));
}

void ChannelApi::update_channel(std::string channel, ChannelUpdate update, Handler<void> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, ttl = update.message_ttl](
                        const std::string& arn, const std::string& version, Handler<void> next) {
    self->ask("UpdateSignalingChannel", "/updateSignalingChannel",
              {{"ChannelARN", arn},
               {"CurrentVersion", version},
               {"SingleMasterConfiguration", json::object{{"MessageTtlSeconds", ttl.count()}}}},
              end, without_answer(std::move(next)));
  };
  if (auto fault = find_fault(channel)) return refuse<void>(*std::move(fault), std::move(done));
  if (!update.version.empty()) {
    return with_arn<void>(
        std::move(channel), end,
        [send, version = update.version](const std::string& arn, Handler<void> next) {
          send(arn, version, std::move(next));
        },
        std::move(done));
  }
  describe(channel, end, on_value<ChannelInfo>(std::move(done), [send](const ChannelInfo& info, Handler<void> next) {
             send(info.arn, info.version, std::move(next));
           }));
}

void ChannelApi::delete_channel(std::string channel, std::string version, Handler<void> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, version](const std::string& arn, Handler<void> next) {
    json::object body{{"ChannelARN", arn}};
    if (!version.empty()) body["CurrentVersion"] = version;
    self->caller_->call({.name = "DeleteSignalingChannel",
                         .url = with_path(self->settings_.control_plane, "/deleteSignalingChannel"),
                         .body = std::move(body),
                         .deadline = end,
                         .is_done_when_gone = true},
                        without_answer([self, arn, next = std::move(next)](Result<void> result) {
                          if (result) self->memory_.forget(arn);
                          next(std::move(result));
                        }));
  };
  with_arn<void>(std::move(channel), end, send, std::move(done));
}

void ChannelApi::tag_channel(std::string channel, Tags tags, Handler<void> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, tags = std::move(tags)](const std::string& arn,
                                                                             Handler<void> next) {
    self->ask("TagResource", "/TagResource", {{"ResourceARN", arn}, {"Tags", to_json(tags)}}, end,
              without_answer(std::move(next)));
  };
  with_arn<void>(std::move(channel), end, send, std::move(done));
}

void ChannelApi::untag_channel(std::string channel, std::vector<std::string> keys, Handler<void> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, keys = std::move(keys)](const std::string& arn,
                                                                             Handler<void> next) {
    self->ask("UntagResource", "/UntagResource",
              {{"ResourceARN", arn}, {"TagKeyList", json::array(keys.begin(), keys.end())}}, end,
              without_answer(std::move(next)));
  };
  with_arn<void>(std::move(channel), end, send, std::move(done));
}

void ChannelApi::list_tags(std::string channel, Handler<Tags> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end](const std::string& arn, Handler<Tags> next) {
    self->list_rest_of_tags(arn, {}, end, {}, std::move(next));
  };
  with_arn<Tags>(std::move(channel), end, send, std::move(done));
}

void ChannelApi::list_rest_of_tags(const std::string& arn, const std::string& next_token, SteadyTime deadline,
                                   Tags found, Handler<Tags> done) {
  json::object body{{"ResourceARN", arn}};
  if (!next_token.empty()) body["NextToken"] = next_token;
  const auto then = [self = shared_from_this(), arn, deadline, found = std::move(found)](const json::object& answer,
                                                                                         Handler<Tags> next) mutable {
    found.merge(to_tags(answer));
    const std::string token = optional_text(answer, "NextToken");
    if (token.empty()) return next(std::move(found));
    self->list_rest_of_tags(arn, token, deadline, std::move(found), std::move(next));
  };
  ask("ListTagsForResource", "/ListTagsForResource", std::move(body), deadline,
      on_value<json::object>(std::move(done), then));
}

void ChannelApi::describe_media_storage(std::string channel, Handler<MediaStorage> done) {
  if (auto fault = find_fault(channel)) return refuse<MediaStorage>(*std::move(fault), std::move(done));
  ask("DescribeMediaStorageConfiguration", "/describeMediaStorageConfiguration", named(channel), deadline(),
      on_value<json::object>(std::move(done), [](const json::object& answer, const Handler<MediaStorage>& next) {
        next(to_media_storage(answer));
      }));
}

void ChannelApi::update_media_storage(std::string channel, MediaStorage storage, Handler<void> done) {
  const SteadyTime end = deadline();
  const auto send = [self = shared_from_this(), end, storage = std::move(storage)](const std::string& arn,
                                                                                   Handler<void> next) {
    json::object configuration{{"Status", storage.enabled ? "ENABLED" : "DISABLED"}};
    if (!storage.stream_arn.empty()) configuration["StreamARN"] = storage.stream_arn;
    self->ask("UpdateMediaStorageConfiguration", "/updateMediaStorageConfiguration",
              {{"ChannelARN", arn}, {"MediaStorageConfiguration", std::move(configuration)}}, end,
              without_answer(std::move(next)));
  };
  with_arn<void>(std::move(channel), end, send, std::move(done));
}

}  // namespace heliograph::sdk
