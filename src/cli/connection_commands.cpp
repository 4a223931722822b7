// The commands: options in, one or more requests, text out.
#include "cli/connection_commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cstdio>
#include <memory>

#include "cli/client/admin.hpp"
#include "cli/service_flags.hpp"
#include "wire/uri.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

int fail(const Error& error) {
  std::fprintf(stderr, "heliograph: %s\n", error.detail.c_str());
  return 1;
}

std::string cell_of(const json::value& object, std::string_view name) {
  const json::value* field = object.as_object().if_contains(name);
  if (field == nullptr) return {};
  return field->is_string() ? std::string(field->get_string()) : json::serialize(*field);
}

/// Every page of a list, as one array.
Result<json::array> read_pages(const AdminClient& client, const std::string& path, std::string_view member) {
  json::array all;
  std::string after;
  do {
    const std::string more = after.empty() ? "" : "&after=" + wire::percent_encode(after);
    const auto body =
        client.call("GET", path + (path.find('?') == std::string::npos ? "?" : "&") + "limit=1000" + more);
    if (!body) return body.error();
    json::error_code error;
    const json::value page = json::parse(*body, error);
    const json::value* found = error || !page.is_object() ? nullptr : page.as_object().if_contains(member);
    if (found == nullptr || !found->is_array()) return Error{Errc::kCorrupt, "the service's answer cannot be read"};
    for (const json::value& one : found->get_array()) all.push_back(one);
    after = cell_of(page, "next");
  } while (!after.empty());
  return all;
}

/// What may be said of connections; each command takes some.
struct Options {
  ServiceOptions service;
  std::string channel;
  std::string client;
  std::string role;
  std::string connection;
  std::string key;
  std::string reason;
  bool as_json = false;
  bool undo = false;
  bool list = false;
};

CLI::App* add(CLI::App& app, Options& options, const char* name, const char* about) {
  CLI::App* command = app.add_subcommand(name, about);
  add_service_flags(*command, options.service);
  return command;
}

void add_filter(CLI::App& command, Options& options) {
  command.add_option("--channel", options.channel, "Of this channel (name or ARN)");
  command.add_option("--client", options.client, "Of this client id");
  command.add_option("--role", options.role, "master or viewer")->check(CLI::IsMember({"master", "viewer"}));
  command.add_option("--connection", options.connection, "This connection, by its id");
}

std::string query_of(const Options& options) {
  std::string query;
  const auto append = [&query](const char* name, const std::string& value) {
    if (value.empty()) return;
    query += (query.empty() ? "?" : "&") + std::string(name) + "=" + wire::percent_encode(value);
  };
  append("channel", options.channel);
  append("client", options.client);
  append("role", options.role);
  append("connection", options.connection);
  append("key", options.key);
  return query;
}

int list_connections(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail(client.error());
  const auto all = read_pages(*client, "connections" + query_of(options), "connections");
  if (!all) return fail(all.error());
  if (options.as_json) return std::printf("%s\n", json::serialize(*all).c_str()) < 0 ? 1 : 0;
  std::vector<std::vector<std::string>> rows{
      {"CONNECTION", "CHANNEL", "ROLE", "CLIENT", "SINCE", "ADDRESS", "PRINCIPAL", "KEY", "USER AGENT"}};
  for (const json::value& one : *all) {
    const json::value& connection = one.at("connection");
    rows.push_back({cell_of(connection, "id"), cell_of(one.at("channel"), "name"), cell_of(connection, "role"),
                    cell_of(connection, "clientId"), cell_of(connection, "since"), cell_of(connection, "address"),
                    cell_of(connection.at("principal"), "name"), cell_of(connection.at("principal"), "accessKeyId"),
                    cell_of(connection, "userAgent")});
  }
  std::fputs(to_table(rows).c_str(), stdout);
  return 0;
}

int list_channels(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail(client.error());
  const auto all = read_pages(*client, "channels", "channels");
  if (!all) return fail(all.error());
  if (options.as_json) return std::printf("%s\n", json::serialize(*all).c_str()) < 0 ? 1 : 0;
  std::vector<std::vector<std::string>> rows{{"CHANNEL", "TYPE", "MASTERS", "VIEWERS", "ARN"}};
  for (const json::value& one : *all)
    rows.push_back({cell_of(one, "name"), cell_of(one, "type"), cell_of(one, "masters"), cell_of(one, "viewers"),
                    cell_of(one, "arn")});
  std::fputs(to_table(rows).c_str(), stdout);
  return 0;
}

int kick(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail(client.error());
  json::object body;
  const auto set = [&body](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  set("channel", options.channel);
  set("clientId", options.client);
  set("role", options.role);
  set("connectionId", options.connection);
  set("reason", options.reason);
  const auto answer = client->call("POST", "disconnect", json::serialize(body));
  if (!answer) return fail(answer.error());
  std::printf("%s\n", answer->c_str());
  return *answer == R"({"disconnected":0})" ? 1 : 0;
}

int follow_events(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail(client.error());
  EventReader reader;
  const auto ended = client->follow("events" + query_of(options), [&](std::string_view piece) {
    for (const EventReader::Event& event : reader.feed(piece)) {
      if (options.as_json) {
        std::printf("%s\n", event.data.c_str());
      } else if (const auto line = to_line(event)) {
        std::printf("%s\n", line->c_str());
      }
    }
    std::fflush(stdout);
  });
  if (!ended) return fail(ended.error());
  return 0;
}

int revoke(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail(client.error());
  if (!options.list && options.key.empty())
    return fail({Errc::kInvalidArgument, "name the access key, or ask for --list"});
  json::object body{{"accessKeyId", options.key}};
  if (!options.reason.empty() && !options.undo) body["reason"] = options.reason;
  const auto answer = options.list
                          ? client->call("GET", "revoked-keys")
                          : client->call("POST", options.undo ? "restore-key" : "revoke-key", json::serialize(body));
  if (!answer) return fail(answer.error());
  std::printf("%s\n", answer->c_str());
  return 0;
}

}  // namespace

std::vector<Command> add_connection_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* connections = add(app, *options, "connections", "List who is connected, since when and with whose key");
  add_filter(*connections, *options);
  connections->add_option("--key", options->key, "Of this access key");
  connections->add_flag("--json", options->as_json, "As a JSON array");

  CLI::App* channel = app.add_subcommand("channel", "Look at channels");
  channel->require_subcommand(1);
  CLI::App* channels = add(*channel, *options, "list", "List channels, and how many are connected to each");
  channels->add_flag("--json", options->as_json, "As a JSON array");

  CLI::App* kicked = add(app, *options, "kick", "End connections: those that everything said holds for");
  add_filter(*kicked, *options);
  kicked->add_option("--reason", options->reason, "What the peer is told, 123 bytes at most");

  CLI::App* events = add(app, *options, "events", "Follow who joins and leaves, until the service ends");
  events->add_option("--channel", options->channel, "Of this channel only (name)");
  events->add_flag("--json", options->as_json, "One JSON object per line");

  CLI::App* revoked = add(app, *options, "revoke", "Refuse an access key from now on, and end its connections");
  revoked->add_option("key", options->key, "The access key's id");
  revoked->add_option("--reason", options->reason, "What peers are told, 123 bytes at most");
  revoked->add_flag("--undo", options->undo, "Accept the key again");
  revoked->add_flag("--list", options->list, "List revoked keys");

  return {{connections, [options]() { return list_connections(*options); }},
          {channels, [options]() { return list_channels(*options); }},
          {kicked, [options]() { return kick(*options); }},
          {events, [options]() { return follow_events(*options); }},
          {revoked, [options]() { return revoke(*options); }}};
}

}  // namespace heliograph::cli
