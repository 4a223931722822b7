// RequestReader: members out of a request's JSON.
#include "server/api/request_reader.hpp"

#include <boost/json/parse.hpp>
#include <cmath>

namespace heliograph::server::api {

namespace json = boost::json;

namespace {

json::string_view to_key(std::string_view text) { return {text.data(), text.size()}; }

std::optional<std::int64_t> to_integer(const json::value& value) {
  if (const auto* number = value.if_int64()) return *number;
  // Some JSON libraries write whole numbers as 60.0.
  const auto* number = value.if_double();
  if (number != nullptr && std::abs(*number) < 1e15 && *number == std::trunc(*number)) {
    return static_cast<std::int64_t>(*number);
  }
  return std::nullopt;
}

}  // namespace

Result<json::object> parse_body(std::string_view body) {
  if (body.find_first_not_of(" \t\r\n") == std::string_view::npos) return json::object();
  json::error_code problem;
  json::value value = json::parse(to_key(body), problem);
  if (problem) return Error{Errc::kBadRequest, "The request body is not JSON: " + problem.message()};
  if (!value.is_object()) return Error{Errc::kBadRequest, "The request body must be a JSON object"};
  return std::move(value.get_object());
}

std::string RequestReader::text(std::string_view member, const TextRule& rule) {
  auto value = optional_text(member, rule);
  if (!value) reject(member, "is required");
  return std::move(value).value_or(std::string());
}

std::optional<std::string> RequestReader::optional_text(std::string_view member, const TextRule& rule) {
  const json::value* value = find(member);
  if (value == nullptr) return std::nullopt;
  return checked(path_of(member), *value, rule);
}

std::optional<std::int64_t> RequestReader::optional_number(std::string_view member, std::int64_t min,
                                                           std::int64_t max) {
  const json::value* value = find(member);
  if (value == nullptr) return std::nullopt;
  const auto number = to_integer(*value);
  if (!number || *number < min || *number > max) {
    reject(member, "must be an integer from " + std::to_string(min) + " to " + std::to_string(max));
    return std::nullopt;
  }
  return number;
}

std::optional<std::size_t> RequestReader::optional_choice(std::string_view member,
                                                          std::span<const std::string_view> choices) {
  const json::value* value = find(member);
  if (value == nullptr) return std::nullopt;
  if (const auto* text = value->if_string()) {
    for (std::size_t i = 0; i < choices.size(); ++i) {
      if (*text == to_key(choices[i])) return i;
    }
  }
  std::string rule = "must be ";
  for (std::size_t i = 0; i < choices.size(); ++i) {
    if (i > 0) rule += i + 1 == choices.size() ? " or " : ", ";
    rule += choices[i];
  }
  reject(member, rule);
  return std::nullopt;
}

std::vector<std::string> RequestReader::texts(std::string_view member, const TextRule& rule, std::size_t min,
                                              std::size_t max) {
  std::vector<std::string> found;
  const json::array* list = find_list(member, min);
  if (list == nullptr) return found;
  if (list->size() > max) {
    reject(member, "must hold at most " + std::to_string(max) + " values");
    return found;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    auto value = checked(path_of(member) + '[' + std::to_string(i) + ']', (*list)[i], rule);
    if (value) found.push_back(*std::move(value));
  }
  return found;
}

store::Tags RequestReader::tags(std::string_view member, std::size_t min) {
  store::Tags found;
  const json::array* list = find_list(member, min);
  if (list == nullptr) return found;
  if (list->size() > store::kMaxTags) {
    fail({Errc::kTagsPerResourceExceededLimit,
          path_of(member) + " must hold at most " + std::to_string(store::kMaxTags) + " tags"});
    return found;
  }
  for (std::size_t i = 0; i < list->size(); ++i) {
    const std::string path = path_of(member) + '[' + std::to_string(i) + ']';
    const auto* entry = (*list)[i].if_object();
    if (entry == nullptr) {
      fail({Errc::kInvalidArgument, path + " must be an object with Key and Value"});
      return found;
    }
    RequestReader reader(*entry, path + '.');
    const std::string key = reader.text("Key", kTagKey);
    found.insert_or_assign(key, reader.text("Value", kTagValue));
    if (reader.error_) fail(*std::move(reader.error_));
  }
  return found;
}

store::Tags RequestReader::tag_map(std::string_view member, std::size_t min) {
  store::Tags found;
  const json::object* map = find_object(member);
  if (map == nullptr || map->size() < min) {
    if (map != nullptr || min > 0) reject(member, "is required, with at least one tag");
    return found;
  }
  if (map->size() > store::kMaxTags) {
    fail({Errc::kTagsPerResourceExceededLimit,
          path_of(member) + " must hold at most " + std::to_string(store::kMaxTags) + " tags"});
    return found;
  }
  for (const auto& [key, value] : *map) {
    const std::string name(key);
    if (!kTagKey.is_kept_by(name)) reject(member, "has a key that " + to_sentence(kTagKey));
    if (auto text = checked(path_of(member) + '.' + name, value, kTagValue)) found.emplace(name, *std::move(text));
  }
  return found;
}

bool RequestReader::has(std::string_view member) const { return find(member) != nullptr; }

void RequestReader::reject(std::string_view member, std::string_view rule) {
  fail({Errc::kInvalidArgument, path_of(member) + ' ' + std::string(rule)});
}

const json::value* RequestReader::find(std::string_view member) const {
  const json::value* value = object_->if_contains(to_key(member));
  return value == nullptr || value->is_null() ? nullptr : value;
}

const json::object* RequestReader::find_object(std::string_view member) {
  const json::value* value = find(member);
  if (value == nullptr) return nullptr;
  if (!value->is_object()) reject(member, "must be an object");
  return value->if_object();
}

const json::array* RequestReader::find_list(std::string_view member, std::size_t min) {
  const json::value* value = find(member);
  const json::array* list = value == nullptr ? nullptr : value->if_array();
  if (value == nullptr) {
    if (min > 0) reject(member, "is required");
  } else if (list == nullptr) {
    reject(member, "must be a list");
  } else if (list->size() < min) {
    reject(member, "must hold at least " + std::to_string(min) + " value");
  }
  return list;
}

std::optional<std::string> RequestReader::checked(const std::string& path, const json::value& value,
                                                  const TextRule& rule) {
  const auto* text = value.if_string();
  if (text == nullptr || !rule.is_kept_by({text->data(), text->size()})) {
    fail({Errc::kInvalidArgument, path + ' ' + to_sentence(rule)});
    return std::nullopt;
  }
  return std::string(text->data(), text->size());
}

void RequestReader::fail(Error error) {
  if (!error_) error_ = std::move(error);
}

}  // namespace heliograph::server::api
