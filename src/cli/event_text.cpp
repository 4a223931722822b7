// Streams and tables as text.
#include <algorithm>
#include <boost/json.hpp>
#include <utility>

#include "cli/call/chat_input.hpp"
#include "cli/connection_commands.hpp"

namespace heliograph::cli {

namespace json = boost::json;

std::string text_at(const json::value& value, std::string_view pointer) {
  json::error_code error;
  const json::value* found = value.find_pointer(pointer, error);
  if (found == nullptr) return {};
  if (found->is_string()) return std::string(found->get_string());
  return json::serialize(*found);
}

std::string to_table(const std::vector<std::vector<std::string>>& given) {
  std::vector<std::vector<std::string>> rows = given;
  for (auto& row : rows)
    for (std::string& cell : row) cell = printable(cell);
  std::vector<std::size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (std::size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], row[i].size());
  }
  std::string out;
  for (const auto& row : rows) {
    for (std::size_t i = 0; i < row.size(); ++i) {
      out += row[i];
      if (i + 1 < row.size()) out.append(widths[i] - row[i].size() + 2, ' ');
    }
    out += '\n';
  }
  return out;
}

std::vector<EventReader::Event> EventReader::feed(std::string_view piece) {
  std::vector<Event> events;
  for (const char c : piece) {
    if (c == '\r') continue;
    if (c != '\n') {
      line_ += c;
      continue;
    }
    const std::string line = std::exchange(line_, {});
    if (line.empty()) {
      if (!event_.data.empty()) events.push_back(std::exchange(event_, {}));
      event_ = {};
    } else if (line.starts_with("event: ")) {
      event_.type = line.substr(7);
    } else if (line.starts_with("data: ")) {
      event_.data += line.substr(6);
    }
  }
  return events;
}

std::optional<std::string> to_line(const EventReader::Event& event) {
  json::error_code error;
  const json::value body = json::parse(event.data, error);
  if (error) return std::nullopt;
  if (text_at(body, "/id").empty()) return printable(event.type + " " + event.data);
  std::string line = text_at(body, "/time") + "  " + event.type;
  for (const char* pointer : {"/channel/name", "/connection/clientId", "/connection/id", "/connection/address"})
    if (const std::string text = text_at(body, pointer); !text.empty()) line += "  " + text;
  if (const std::string code = text_at(body, "/reason/code"); !code.empty())
    line += "  (" + code + " " + text_at(body, "/reason/text") + ")";
  return printable(line);
}

}  // namespace heliograph::cli
