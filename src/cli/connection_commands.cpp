// The commands: options in, one or more requests, text out.
#include "cli/connection_commands.hpp"

#include <CLI/CLI.hpp>
#include <boost/json.hpp>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>

#include "cli/client/admin.hpp"
#include "cli/failure.hpp"
#include "cli/outcome.hpp"
#include "cli/output.hpp"
#include "cli/service_flags.hpp"
#include "wire/uri.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

/// Prints the answer as it came, or what it says.
int tell(const std::string& answer, bool as_json, const Outcome& outcome) {
  std::fputs(as_json ? (answer + '\n').c_str() : outcome.text.c_str(), stdout);
  if (!outcome.warning.empty()) std::fprintf(stderr, "heliograph: %s\n", outcome.warning.c_str());
  return outcome.code;
}

Result<json::object> parse_object(const std::string& answer) {
  json::error_code error;
  json::value value = json::parse(answer, error);
  if (error || !value.is_object()) return Error{Errc::kCorrupt, "the service's answer cannot be read"};
  return std::move(value.get_object());
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
    after = text_at(page, "/next");
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
  command.add_option("--key", options.key, "Of this access key");
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
  if (!client) return fail_with(client.error());
  const auto all = read_pages(*client, "connections" + query_of(options), "connections");
  if (!all) return fail_with(all.error());
  if (options.as_json) return std::printf("%s\n", json::serialize(*all).c_str()), 0;
  std::vector<std::vector<std::string>> rows{
      {"CONNECTION", "CHANNEL", "ROLE", "CLIENT", "SINCE", "ADDRESS", "PRINCIPAL", "KEY", "USER AGENT"}};
  for (const json::value& one : *all) {
    auto& row = rows.emplace_back();
    for (const char* pointer : {"/connection/id", "/channel/name", "/connection/role", "/connection/clientId",
                                "/connection/since", "/connection/address", "/connection/principal/name",
                                "/connection/principal/accessKeyId", "/connection/userAgent"})
      row.push_back(text_at(one, pointer));
  }
  std::fputs(to_table(rows).c_str(), stdout);
  return 0;
}

int kick(const Options& options) {
  json::object body;
  const auto set = [&body](const char* name, const std::string& value) {
    if (!value.empty()) body[name] = value;
  };
  set("channel", options.channel);
  set("clientId", options.client);
  set("role", options.role);
  set("connectionId", options.connection);
  set("accessKeyId", options.key);
  if (body.empty())
    return fail_with({Errc::kInvalidArgument, "say whom: --channel, --client, --role, --connection or --key"});
  set("reason", options.reason);
  auto client = AdminClient::open(options.service);
  if (!client) return fail_with(client.error());
  const auto answer = client->call("POST", "disconnect", json::serialize(body));
  if (!answer) return fail_with(answer.error());
  const auto parsed = parse_object(*answer);
  return parsed ? tell(*answer, options.as_json, tell_kicked(*parsed)) : fail_with(parsed.error());
}

int follow_events(const Options& options) {
  auto client = AdminClient::open(options.service);
  if (!client) return fail_with(client.error());
  EventReader reader;
  bool has_begun = false;
  bool is_farewell = false;
  int output = 0;
  const auto ended = client->follow("events" + query_of(options), [&](std::string_view piece) {
    has_begun = true;
    for (const EventReader::Event& event : reader.feed(piece)) {
      is_farewell = event.type == "bye";
      if (options.as_json) {
        std::printf("%s\n", event.data.c_str());
      } else if (const auto line = to_line(event)) {
        std::printf("%s\n", line->c_str());
      }
    }
    output = is_output_gone() ? EPIPE : flush_output();
    return output == 0;
  });
  if (output == EPIPE) {
    drop_output();  // Whoever reads has read enough.
    return 0;
  }
  if (output != 0) return fail_with({Errc::kIo, std::string("cannot write: ") + std::strerror(output)});
  if (is_farewell) return 0;
  if (!ended && !has_begun) return fail_with(ended.error());
  return fail_with({Errc::kClosed, "the stream ended"});
}

int revoke(const Options& options) {
  if (!options.list && options.key.empty())
    return fail_with({Errc::kInvalidArgument, "name the access key, or ask for --list"});
  auto client = AdminClient::open(options.service);
  if (!client) return fail_with(client.error());
  json::object body{{"accessKeyId", options.key}};
  if (!options.reason.empty() && !options.undo) body["reason"] = options.reason;
  const auto answer = options.list
                          ? client->call("GET", "revoked-keys")
                          : client->call("POST", options.undo ? "restore-key" : "revoke-key", json::serialize(body));
  if (!answer) return fail_with(answer.error());
  const auto parsed = parse_object(*answer);
  if (!parsed) return fail_with(parsed.error());
  return tell(*answer, options.as_json,
              options.list   ? tell_revoked_keys(*parsed)
              : options.undo ? Outcome{.text = "access key " + options.key + " is accepted again\n"}
                             : tell_revoked(options.key, *parsed));
}

}  // namespace

Result<std::map<std::string, Attendance>> count_attendance(const Service& service) {
  const auto client = AdminClient::open(service);
  if (!client) return client.error();
  const auto all = read_pages(*client, "channels", "channels");
  if (!all) return all.error();
  std::map<std::string, Attendance> attendance;
  for (const json::value& one : *all) {
    const auto number = [&one](const char* pointer) {
      json::error_code error;
      const json::value* found = one.find_pointer(pointer, error);
      return found == nullptr || !found->is_number() ? 0 : found->to_number<std::int64_t>();
    };
    attendance[text_at(one, "/arn")] = {number("/masters"), number("/viewers")};
  }
  return attendance;
}

std::vector<Command> add_connection_commands(CLI::App& app) {
  const auto options = std::make_shared<Options>();
  CLI::App* connections = add(app, *options, "connections", "List who is connected, since when and with whose key");
  add_filter(*connections, *options);
  connections->add_flag("--json", options->as_json, "As a JSON array");

  CLI::App* kicked = add(app, *options, "kick", "End connections: those that everything said holds for");
  add_filter(*kicked, *options);
  kicked->add_option("--reason", options->reason, "What the peer is told, 123 bytes at most");
  kicked->add_flag("--json", options->as_json, "Print the service's answer");

  CLI::App* events = add(app, *options, "events", "Follow who joins and leaves, until the service ends");
  events->add_option("--channel", options->channel, "Of this channel only (name or ARN)");
  events->add_flag("--json", options->as_json, "One JSON object per line");

  CLI::App* revoked = add(app, *options, "revoke", "Refuse an access key from now on, and end its connections");
  revoked->add_option("key", options->key, "The access key's id");
  revoked->add_option("--reason", options->reason, "What peers are told, 123 bytes at most");
  revoked->add_flag("--undo", options->undo, "Accept the key again");
  revoked->add_flag("--list", options->list, "List revoked keys");
  revoked->add_flag("--json", options->as_json, "Print the service's answer");

  return {{connections, [options]() { return list_connections(*options); }},
          {kicked, [options]() { return kick(*options); }},
          {events, [options]() { return follow_events(*options); }},
          {revoked, [options]() { return revoke(*options); }}};
}

}  // namespace heliograph::cli
