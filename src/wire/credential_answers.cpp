// Reading the shapes: strict about what is needed, indifferent to what is not.
#include "wire/credential_answers.hpp"

#include <boost/json.hpp>
#include <cmath>
#include <initializer_list>
#include <optional>
#include <utility>

#include "wire/date.hpp"

namespace heliograph::wire {
namespace {

namespace json = boost::json;

/// How a source names what all of them give.
struct Names {
  const char* id;
  const char* secret;
  const char* token;
  const char* expires;
  bool permanent_too = false;  ///< Token and end may be missing.
};

Error wrong(const char* member, const char* what = "is missing or not a text") {
  return {Errc::kCorrupt, std::string(member) + " " + what};
}

Result<json::object> read_object(std::string_view text) {
  boost::system::error_code error;
  json::value value = json::parse(json::string_view(text.data(), text.size()), error);
  if (error || !value.is_object()) return Error{Errc::kCorrupt, "it is not a JSON object"};
  return std::move(value.get_object());
}

/// A text that is not empty; nothing when there is none.
std::optional<std::string> text_of(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  if (value == nullptr || !value->is_string() || value->get_string().empty()) return std::nullopt;
  return std::string(value->get_string());
}

bool is_absent(const json::object& object, const char* name) {
  const auto* value = object.if_contains(name);
  return value == nullptr || value->is_null();
}

std::optional<WallTime> time_of(const json::value& value) {
  if (value.is_string()) return parse_iso_date(std::string_view(value.get_string()));
  if (!value.is_number()) return std::nullopt;
  const auto seconds = value.to_number<double>();
  constexpr double kLast = 253402300799;  // 9999-12-31
  if (!std::isfinite(seconds) || seconds < 0 || seconds > kLast) return std::nullopt;
  return WallTime(std::chrono::milliseconds(std::llround(seconds * 1000)));
}

Result<Credentials> read_credentials(const json::object& object, const Names& names) {
  Credentials credentials;
  auto id = text_of(object, names.id);
  if (!id) return wrong(names.id);
  auto secret = text_of(object, names.secret);
  if (!secret) return wrong(names.secret);
  credentials.access_key_id = std::move(*id);
  credentials.secret_access_key = Secret(std::move(*secret));
  if (auto token = text_of(object, names.token))
    credentials.session_token = Secret(std::move(*token));
  else if (!names.permanent_too || !is_absent(object, names.token))
    return wrong(names.token);
  if (names.permanent_too && is_absent(object, names.expires)) return credentials;
  const auto* expires = object.if_contains(names.expires);
  if (expires != nullptr) credentials.expires = time_of(*expires);
  if (!credentials.expires) return wrong(names.expires, "is missing or not a date");
  return credentials;
}

constexpr Names kContainer{"AccessKeyId", "SecretAccessKey", "Token", "Expiration"};

/// The credentials in an object within the object.
Result<Credentials> read_nested(std::string_view text, const char* within, const Names& names) {
  const auto object = read_object(text);
  if (!object) return object.error();
  const auto* inner = object->if_contains(within);
  if (inner == nullptr || !inner->is_object()) return wrong(within, "is missing or not an object");
  return read_credentials(inner->get_object(), names);
}

}  // namespace

Result<Credentials> parse_process_credentials(std::string_view text) {
  const auto object = read_object(text);
  if (!object) return object.error();
  const auto* version = object->if_contains("Version");
  if (version == nullptr || !version->is_int64() || version->get_int64() != 1)
    return wrong("Version", "is not 1, the only one that is known");
  return read_credentials(*object, {"AccessKeyId", "SecretAccessKey", "SessionToken", "Expiration", true});
}

Result<Credentials> parse_container_credentials(std::string_view text) {
  const auto object = read_object(text);
  if (!object) return object.error();
  return read_credentials(*object, kContainer);
}

Result<Credentials> parse_instance_credentials(std::string_view text) {
  const auto object = read_object(text);
  if (!object) return object.error();
  const auto code = text_of(*object, "Code");
  if (code && *code != "Success")
    return Error{Errc::kAccessDenied, *code + ": " + text_of(*object, "Message").value_or("no message")};
  return read_credentials(*object, kContainer);
}

Result<Credentials> parse_iot_credentials(std::string_view text) {
  return read_nested(text, "credentials", {"accessKeyId", "secretAccessKey", "sessionToken", "expiration"});
}

Result<Credentials> parse_cognito_credentials(std::string_view text) {
  return read_nested(text, "Credentials", {"AccessKeyId", "SecretKey", "SessionToken", "Expiration"});
}

Result<std::string> parse_cognito_identity(std::string_view text) {
  const auto object = read_object(text);
  if (!object) return object.error();
  auto identity = text_of(*object, "IdentityId");
  if (!identity) return wrong("IdentityId");
  return std::move(*identity);
}

ServiceRefusal parse_json_refusal(std::string_view text) {
  const auto object = read_object(text);
  if (!object) return {};
  const auto first_of = [&object](std::initializer_list<const char*> names) {
    for (const char* name : names)
      if (auto found = text_of(*object, name)) return std::move(*found);
    return std::string{};
  };
  ServiceRefusal refusal{first_of({"Code", "code", "__type"}), first_of({"Message", "message"})};
  refusal.code.erase(0, refusal.code.find('#') + 1);
  return refusal;
}

}  // namespace heliograph::wire
