// Lists, and disconnects.
#include "server/events/connections_api.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <charconv>
#include <map>

#include "server/answers.hpp"
#include "server/events/connection_filter.hpp"
#include "wire/json_text.hpp"
#include "wire/uri.hpp"

namespace heliograph::server::events {
namespace {

namespace json = boost::json;

net::HttpResponse refusal(const Error& error) { return error_response(error, wire::Surface::kStorage); }
Error wrong(std::string why) { return {Errc::kInvalidArgument, std::move(why)}; }

std::string text_of(const wire::Query& query, std::string_view name) {
  return std::string(query.find(name).value_or(std::string_view{}));
}

Result<std::size_t> limit_of(const wire::Query& query) {
  const auto text = query.find("limit");
  if (!text) return std::size_t{100};
  std::size_t limit = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), limit);
  if (error != std::errc{} || end != text->data() + text->size() || limit == 0 || limit > ConnectionsApi::kMaxPage)
    return wrong("limit must be a number from 1 to " + std::to_string(ConnectionsApi::kMaxPage));
  return limit;
}

Result<ConnectionFilter> filter_of(const wire::Query& query) {
  ConnectionFilter filter{.channel = text_of(query, "channel"),
                          .client = text_of(query, "client"),
                          .connection = text_of(query, "connection"),
                          .key = text_of(query, "key")};
  if (const auto role = query.find("role")) {
    const auto parsed = parse_role(*role);
    if (!parsed) return parsed.error();
    filter.role = *parsed;
  }
  return filter;
}

/// The members of a disconnect, none of them unknown: a misspelled one would end more than was meant.
Result<ConnectionFilter> filter_of(const std::string& body, std::string& reason) {
  json::error_code error;
  const json::value parsed = json::parse(body, error);
  if (error || !parsed.is_object()) return wrong("the body must be a JSON object");
  ConnectionFilter filter;
  for (const auto& [name, value] : parsed.get_object()) {
    if (!value.is_string() || value.get_string().empty())
      return wrong(std::string(name) + " must be a text that is not empty");
    const std::string text(value.get_string());
    if (name == "channel") {
      filter.channel = text;
    } else if (name == "clientId") {
      filter.client = text;
    } else if (name == "connectionId") {
      if (const auto conn = parse_conn(text); !conn) return conn.error();
      filter.connection = text;
    } else if (name == "accessKeyId") {
      filter.key = text;
    } else if (name == "reason") {
      reason = text;
    } else if (name == "role") {
      const auto role = parse_role(text);
      if (!role) return role.error();
      filter.role = *role;
    } else {
      return wrong(std::string(name) +
                   " is unknown: there are channel, clientId, role, connectionId, accessKeyId and reason");
    }
  }
  if (filter.is_empty()) return wrong("say whom: channel, clientId, role, connectionId or accessKeyId");
  if (reason.size() > ConnectionsApi::kMaxReason)
    return wrong("reason must have " + std::to_string(ConnectionsApi::kMaxReason) +
                 " bytes at most: it goes into a close frame");
  return filter;
}

}  // namespace

AdminRoute ConnectionsApi::on_executor(std::string_view method, std::string_view path, Work work) {
  return {method, path, [this, work](const net::HttpRequest& request, const net::Reply& reply) {
            const bool taken =
                parts_.executor.try_post([this, work, request, reply]() { reply((this->*work)(request)); },
                                         [reply](const char*) { reply(refusal({Errc::kInternalFailure, {}})); });
            if (!taken) reply(refusal({Errc::kServiceUnavailable, {}}));
          }};
}

std::vector<AdminRoute> ConnectionsApi::routes() {
  return {on_executor("GET", "connections", &ConnectionsApi::list),
          on_executor("GET", "channels", &ConnectionsApi::channels),
          on_executor("POST", "disconnect", &ConnectionsApi::disconnect),
          on_executor("POST", "revoke-key", &ConnectionsApi::revoke),
          on_executor("POST", "restore-key", &ConnectionsApi::restore),
          on_executor("GET", "revoked-keys", &ConnectionsApi::revoked)};
}

net::HttpResponse ConnectionsApi::list(const net::HttpRequest& request) {
  const auto query = wire::Query::parse(wire::split_target(request.target).query);
  if (!query) return refusal(query.error());
  const auto filter = filter_of(*query);
  if (!filter) return refusal(filter.error());
  const auto limit = limit_of(*query);
  if (!limit) return refusal(limit.error());
  std::optional<ConnId> after;
  if (const auto text = query->find("after")) {
    const auto conn = parse_conn(*text);
    if (!conn) return refusal(wrong("after must be what `next` of the page before was"));
    after = *conn;
  }

  std::vector<FactsPtr> found = parts_.signaling.connections();
  std::erase_if(found,
                [&](const FactsPtr& facts) { return (after && facts->conn <= *after) || !filter->holds_for(*facts); });
  const std::size_t count = std::min(*limit, found.size());
  std::partial_sort(found.begin(), found.begin() + static_cast<std::ptrdiff_t>(count), found.end(),
                    [](const FactsPtr& a, const FactsPtr& b) { return a->conn < b->conn; });
  std::string out = "{\"connections\":[";
  for (std::size_t i = 0; i < count; ++i) {
    out += i == 0 ? "{" : ",{";
    append_channel(out, found[i]->channel.view());
    out += ",\"connection\":";
    append_connection(out, *found[i]);
    out += '}';
  }
  out += ']';
  if (count < found.size()) out += ",\"next\":\"" + to_text(found[count - 1]->conn) + "\"";
  return json_response(200, out + "}");
}

net::HttpResponse ConnectionsApi::channels(const net::HttpRequest& request) {
  const auto query = wire::Query::parse(wire::split_target(request.target).query);
  if (!query) return refusal(query.error());
  const auto limit = limit_of(*query);
  if (!limit) return refusal(limit.error());
  const auto page = parts_.store.list_channels({.after = text_of(*query, "after"), .limit = *limit});
  if (!page) return refusal(page.error());

  struct Count {
    std::size_t masters = 0;
    std::size_t viewers = 0;
  };
  std::map<std::string_view, Count> counts;
  const auto connected = parts_.signaling.connections();
  for (const FactsPtr& facts : connected) {
    Count& count = counts[facts->channel.view()];
    ++(facts->role == wire::Role::kMaster ? count.masters : count.viewers);
  }
  json::array listed;
  for (const store::Channel& channel : page->channels) {
    const Count count = counts[channel.arn.view()];
    listed.push_back(json::object{{"name", channel.name},
                                  {"arn", channel.arn.str()},
                                  {"type", to_string(channel.type)},
                                  {"masters", count.masters},
                                  {"viewers", count.viewers}});
  }
  json::object answer{{"channels", std::move(listed)}};
  if (page->has_more) answer["next"] = page->channels.back().name;
  return json_response(200, json::serialize(answer));
}

net::HttpResponse ConnectionsApi::disconnect(const net::HttpRequest& request) {
  std::string reason;
  const auto filter = filter_of(request.body, reason);
  if (!filter) return refusal(filter.error());
  const std::size_t count =
      parts_.signaling.disconnect([&filter](const ConnectionFacts& facts) { return filter->holds_for(facts); }, reason);
  parts_.meter.disconnected += count;
  parts_.log.write(LogLevel::kInfo, "connections ended by the operator",
                   {{"count", std::to_string(count)},
                    {"channel", filter->channel},
                    {"client", filter->client},
                    {"conn", filter->connection},
                    {"key", filter->key},
                    {"reason", reason}});
  return json_response(200, "{\"disconnected\":" + std::to_string(count) + "}");
}

net::HttpResponse ConnectionsApi::revoke(const net::HttpRequest& request) {
  std::string reason;
  const auto filter = filter_of(request.body, reason);
  if (!filter) return refusal(filter.error());
  if (const auto revoked = parts_.revoked.revoke(filter->key, reason, parts_.clock.wall_now()); !revoked)
    return refusal(revoked.error());
  // Barred first, then ended: whoever was let in meanwhile is found here, or finds the bar.
  const std::size_t count = parts_.signaling.disconnect(
      [&filter](const ConnectionFacts& facts) {
        return facts.principal->id.view() == filter->key || facts.principal->parent.view() == filter->key;
      },
      reason.empty() ? "access key was revoked" : reason);
  parts_.meter.disconnected += count;
  parts_.meter.revoked_keys.store(parts_.revoked.size());
  parts_.log.write(LogLevel::kInfo, "access key revoked",
                   {{"key", filter->key}, {"count", std::to_string(count)}, {"reason", reason}});
  const char* known = parts_.revoked.knows(filter->key) ? "" : ",\"known\":false";
  return json_response(200, "{\"disconnected\":" + std::to_string(count) + known + "}");
}

net::HttpResponse ConnectionsApi::restore(const net::HttpRequest& request) {
  std::string reason;
  const auto filter = filter_of(request.body, reason);
  if (!filter) return refusal(filter.error());
  if (const auto restored = parts_.revoked.restore(filter->key); !restored) return refusal(restored.error());
  parts_.meter.revoked_keys.store(parts_.revoked.size());
  parts_.log.write(LogLevel::kInfo, "access key restored", {{"key", filter->key}});
  return json_response(200, "{}");
}

net::HttpResponse ConnectionsApi::revoked(const net::HttpRequest&) {
  return json_response(200, parts_.revoked.to_json());
}

}  // namespace heliograph::server::events
