// Sentences and a table.
#include "cli/outcome.hpp"

#include <boost/json.hpp>
#include <vector>

#include "cli/client/service.hpp"
#include "cli/connection_commands.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

std::string count_of(const json::object& answer) {
  const json::value* count = answer.if_contains("disconnected");
  return count == nullptr ? "0" : json::serialize(*count);
}

}  // namespace

Outcome tell_kicked(const json::object& answer) {
  const std::string count = count_of(answer);
  if (count == "0") return {.code = 1, .warning = "nobody who is connected matches"};
  return {.text = "connections ended: " + count + '\n'};
}

Outcome tell_revoked(std::string_view key, const json::object& answer) {
  Outcome outcome{.text =
                      "access key " + std::string(key) + " is revoked; connections ended: " + count_of(answer) + '\n'};
  if (const json::value* known = answer.if_contains("known"); known != nullptr && *known == false)
    outcome.warning = "no such key is known here; it is refused all the same";
  return outcome;
}

Outcome tell_revoked_keys(const json::object& answer) {
  const json::value* keys = answer.if_contains("keys");
  if (keys == nullptr || !keys->is_array() || keys->get_array().empty()) return {.text = "no access key is revoked\n"};
  std::vector<std::vector<std::string>> rows{{"KEY", "SINCE", "REASON"}};
  for (const json::value& each : keys->get_array())
    if (const json::object* entry = each.if_object())
      rows.push_back({text_of(*entry, "accessKeyId"), text_of(*entry, "time"), text_of(*entry, "reason")});
  return {.text = to_table(rows)};
}

}  // namespace heliograph::cli
