// One or two calls of the SDK each.
#include "cli/channel_commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <initializer_list>
#include <map>
#include <memory>
#include <optional>

#include "cli/call/chat_input.hpp"
#include "cli/service_flags.hpp"
#include "wire/date.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

struct Options {
  ServiceOptions service;
  std::string channel;
  std::string type = "SINGLE_MASTER";
  int ttl = 0;
  std::string version;
  std::string prefix;
  std::vector<std::string> tags;
  bool as_json = false;
};

std::string time_of(const ChannelInfo& channel) { return wire::to_iso_date(channel.created, false); }

void print(const json::value& value) { std::printf("%s\n", json::serialize(value).c_str()); }

/// Names in a column, values beside them.
void print_facts(const ChannelInfo& channel, const Tags& tags) {
  std::vector<std::vector<std::string>> rows{{"NAME", channel.name},
                                             {"ARN", channel.arn},
                                             {"TYPE", std::string(to_string(channel.type))},
                                             {"STATUS", std::string(to_string(channel.status))},
                                             {"CREATED", time_of(channel)},
                                             {"MESSAGE TTL", std::to_string(channel.message_ttl.count()) + " s"},
                                             {"VERSION", channel.version}};
  for (const auto& [key, value] : tags) rows.push_back({"TAG " + key, value});
  std::fputs(to_table(rows).c_str(), stdout);
}

/// Says which service it was: with nothing that names one it may be Amazon's.
Result<SdkService> open_and_say(const Options& options) {
  auto service = open_service(options.service);
  if (service) std::fprintf(stderr, "heliograph: %s\n", service->said.c_str());
  return service;
}

int create(const Options& options) {
  const auto tags = parse_tags(options.tags);
  if (!tags) return fail_with(tags.error());
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  NewChannel channel;
  channel.name = options.channel;
  channel.type = options.type == "FULL_MESH" ? ChannelType::kFullMesh : ChannelType::kSingleMaster;
  if (options.ttl > 0) channel.message_ttl = std::chrono::seconds(options.ttl);
  channel.tags = *tags;
  channel.wait_until_active = true;
  const auto arn = service->channels->create_channel(std::move(channel));
  if (!arn) return fail_with(arn.error());
  if (options.as_json)
    print(json::object{{"ChannelARN", *arn}});
  else
    std::printf("%s\n", arn->c_str());
  return 0;
}

bool is_denied(const Error& error) { return error.code == Errc::kAccessDenied || error.code == Errc::kNotAuthorized; }

int describe(const Options& options) {
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  const auto channel = find_channel(*service->channels, options.channel);
  if (!channel) return fail_with(channel.error());
  const auto tags = service->channels->list_tags(channel->arn);
  if (!tags && !is_denied(tags.error())) return fail_with(tags.error());
  // Who may look at the channel and not at its tags gets what there is.
  if (!tags) std::fprintf(stderr, "heliograph: without its tags: %s\n", printable(tags.error().detail).c_str());
  if (!options.as_json) return print_facts(*channel, tags.value_or(Tags{})), 0;
  json::object object = to_json(*channel);
  if (!tags) return print(object), 0;
  json::object& all = object["Tags"].emplace_object();
  for (const auto& [key, value] : *tags) all[key] = value;
  print(object);
  return 0;
}

int update(const Options& options) {
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  const auto done = service->channels->update_channel(
      options.channel, {.message_ttl = std::chrono::seconds(options.ttl), .version = options.version});
  if (!done) return fail_with(done.error());
  const auto channel = find_channel(*service->channels, options.channel);
  if (!channel) return fail_with(channel.error());
  if (options.as_json)
    print(to_json(*channel));
  else
    std::printf("%s keeps messages for %lld s; version %s\n", channel->name.c_str(),
                static_cast<long long>(channel->message_ttl.count()), channel->version.c_str());
  return 0;
}

int remove(const Options& options) {
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  const auto done = service->channels->delete_channel(options.channel, options.version);
  if (!done) return fail_with(done.error());
  if (options.as_json)
    print(json::object{});
  else
    std::printf("%s is deleted\n", options.channel.c_str());
  return 0;
}

int tell_tags(ChannelClient& channels, const Options& options) {
  const auto tags = channels.list_tags(options.channel);
  if (!tags) return fail_with(tags.error());
  json::object all;
  std::vector<std::vector<std::string>> rows{{"KEY", "VALUE"}};
  for (const auto& [key, value] : *tags) {
    all[key] = value;
    rows.push_back({key, value});
  }
  if (options.as_json)
    print(json::object{{"Tags", all}});
  else
    std::fputs(rows.size() == 1 ? "it has no tags\n" : to_table(rows).c_str(), stdout);
  return 0;
}

int tag(const Options& options) {
  const auto tags = parse_tags(options.tags);
  if (!tags) return fail_with(tags.error());
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  if (!tags->empty())
    if (auto done = service->channels->tag_channel(options.channel, *tags); !done) return fail_with(done.error());
  return tell_tags(*service->channels, options);
}

int untag(const Options& options) {
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  if (auto done = service->channels->untag_channel(options.channel, options.tags); !done)
    return fail_with(done.error());
  return tell_tags(*service->channels, options);
}

/// A heliographd also tells its administrator who is connected to each.
int list(const Options& options) {
  const auto service = open_and_say(options);
  if (!service) return fail_with(service.error());
  const auto all = service->channels->list_channels({.name_prefix = options.prefix, .page_size = 0, .next_token = {}});
  if (!all) return fail_with(all.error());
  std::optional<std::map<std::string, Attendance>> attendance;
  if (service->daemon && service->daemon->key)
    if (auto counted = count_attendance(*service->daemon)) attendance = *std::move(counted);
  using Cells = std::initializer_list<std::string>;

  json::array array;
  std::vector<std::vector<std::string>> rows{{"CHANNEL", "TYPE", "STATUS", "TTL", "CREATED", "ARN"}};
  if (attendance) rows.front().insert(rows.front().begin() + 2, Cells{"MASTERS", "VIEWERS"});
  for (const ChannelInfo& channel : *all) {
    const Attendance* connected = attendance ? &(*attendance)[channel.arn] : nullptr;  // Nobody: it was made just now.
    array.push_back(to_json(channel, connected));
    auto& row = rows.emplace_back(std::vector<std::string>{
        channel.name, std::string(to_string(channel.type)), std::string(to_string(channel.status)),
        std::to_string(channel.message_ttl.count()) + " s", time_of(channel), channel.arn});
    if (connected != nullptr)
      row.insert(row.begin() + 2, Cells{std::to_string(connected->masters), std::to_string(connected->viewers)});
  }
  if (options.as_json)
    print(array);
  else
    std::fputs(to_table(rows).c_str(), stdout);
  return 0;
}

CLI::App* add(CLI::App& channel, Options& options, const char* name, const char* about) {
  CLI::App* command = channel.add_subcommand(name, about);
  add_sdk_flags(*command, options.service);
  command->add_flag("--json", options.as_json, "Print JSON, with names as in the AWS answers");
  return command;
}

CLI::App* add_for_one(CLI::App& channel, Options& options, const char* name, const char* about) {
  CLI::App* command = add(channel, options, name, about);
  command->add_option("channel", options.channel, "Name or ARN of the channel")->required();
  return command;
}

}  // namespace

Result<Tags> parse_tags(const std::vector<std::string>& texts) {
  Tags tags;
  for (const std::string& text : texts) {
    const auto sign = text.find('=');
    if (sign == std::string::npos || sign == 0)
      return Error{Errc::kInvalidArgument, "the tag '" + text + "' is none; write KEY=VALUE"};
    if (!tags.emplace(text.substr(0, sign), text.substr(sign + 1)).second)
      return Error{Errc::kInvalidArgument, "the tag " + text.substr(0, sign) + " is given twice"};
  }
  return tags;
}

json::object to_json(const ChannelInfo& channel, const Attendance* attendance) {
  json::object object{{"ChannelName", channel.name},
                      {"ChannelARN", channel.arn},
                      {"ChannelType", std::string(to_string(channel.type))},
                      {"ChannelStatus", std::string(to_string(channel.status))},
                      {"CreationTime", time_of(channel)},
                      {"SingleMasterConfiguration", {{"MessageTtlSeconds", channel.message_ttl.count()}}},
                      {"Version", channel.version}};
  if (attendance != nullptr) {
    object["Masters"] = attendance->masters;
    object["Viewers"] = attendance->viewers;
  }
  return object;
}

Result<ChannelInfo> find_channel(ChannelClient& channels, const std::string& channel, bool is_created) {
  auto found = channels.describe_channel(channel);
  if (found || found.error().code != Errc::kResourceNotFound) return found;
  const bool is_arn = channel.starts_with("arn:");
  if (!is_created || is_arn)
    return Error{Errc::kResourceNotFound, "there is no channel " + channel + " at " + channels.endpoint() +
                                              (is_arn ? "" : "; make it with: heliograph channel create " + channel)};
  NewChannel wanted;
  wanted.name = channel;
  wanted.wait_until_active = true;
  // Somebody may have been faster.
  if (auto made = channels.create_channel(std::move(wanted)); !made && made.error().code != Errc::kResourceInUse)
    return made.error();
  return channels.describe_channel(channel);
}

std::vector<Command> add_channel_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* channel = app.add_subcommand("channel", "Make, look at, change and delete channels");
  channel->require_subcommand(1);

  CLI::App* created = add(*channel, *options, "create", "Make a channel, and print its ARN when it can be joined");
  created->add_option("name", options->channel, "1 to 256 letters, digits, dots, hyphens and underscores")->required();
  created->add_option("--ttl", options->ttl, "Seconds for which messages wait for who is away, 5 to 120; default: 60")
      ->check(CLI::Range(5, 120));
  created->add_option("--tag", options->tags, "KEY=VALUE (repeatable)")->allow_extra_args(false);
  created->add_option("--type", options->type, "SINGLE_MASTER, or FULL_MESH where the service has it")
      ->check(CLI::IsMember({"SINGLE_MASTER", "FULL_MESH"}))
      ->capture_default_str();

  CLI::App* listed =
      add(*channel, *options, "list", "List channels; of a heliographd also how many are connected to each");
  listed->add_option("--prefix", options->prefix, "Of names that begin so");

  CLI::App* described = add_for_one(*channel, *options, "describe", "Say all about a channel, its tags included");
  CLI::App* updated = add_for_one(*channel, *options, "update", "Change for how long messages wait");
  updated->add_option("--ttl", options->ttl, "Seconds, 5 to 120")->check(CLI::Range(5, 120))->required();
  CLI::App* deleted = add_for_one(*channel, *options, "delete", "Delete a channel, and end its connections");
  for (CLI::App* command : {updated, deleted})
    command->add_option("--version", options->version, "Only if this still is its version; default: whatever it is");

  CLI::App* tagged = add_for_one(*channel, *options, "tag", "Set tags, and list all of them; without any only list");
  tagged->add_option("tags", options->tags, "KEY=VALUE");
  CLI::App* untagged = add_for_one(*channel, *options, "untag", "Remove tags, and list those that are left");
  untagged->add_option("keys", options->tags, "Keys of tags")->required();

  return {{created, [options]() { return create(*options); }},     {listed, [options]() { return list(*options); }},
          {described, [options]() { return describe(*options); }}, {updated, [options]() { return update(*options); }},
          {deleted, [options]() { return remove(*options); }},     {tagged, [options]() { return tag(*options); }},
          {untagged, [options]() { return untag(*options); }}};
}

}  // namespace heliograph::cli
