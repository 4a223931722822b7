// Written by hand, since C clients do not undo the escapes that a JSON library adds; read by Boost.JSON.
#include "sdk/signaling/content.hpp"

#include <boost/json/object.hpp>
#include <boost/json/parse.hpp>
#include <limits>

#include "wire/json_text.hpp"

namespace heliograph::sdk {
namespace {

namespace json = boost::json;

std::string_view name_of(SessionDescription::Type type) {
  return type == SessionDescription::Type::kOffer ? "offer" : "answer";
}

Error invalid(std::string why) { return {Errc::kInvalidArgument, std::move(why)}; }

Result<json::value> parse(std::string_view text) {
  boost::system::error_code error;
  auto value = json::parse(text, error);
  if (error) return invalid("the payload is not JSON (" + error.message() + ")");
  return value;
}

}  // namespace

std::string to_json(const SessionDescription& description) {
  std::string text = "{\"type\":\"";
  text.append(name_of(description.type)).append("\",\"sdp\":");
  wire::append_json_string(text, description.sdp);
  return text + '}';
}

std::string to_json(const IceCandidate& candidate) {
  std::string text = "{\"candidate\":";
  wire::append_json_string(text, candidate.candidate);
  const unsigned line = candidate.sdp_m_line_index.value_or(0);
  text += ",\"sdpMid\":";
  wire::append_json_string(text, candidate.sdp_mid.value_or(std::to_string(line)));
  text += ",\"sdpMLineIndex\":" + std::to_string(line);
  if (candidate.username_fragment) {
    text += ",\"usernameFragment\":";
    wire::append_json_string(text, *candidate.username_fragment);
  }
  return text + '}';
}

Result<SessionDescription> parse_description(std::string_view text, SessionDescription::Type expected) {
  const auto value = parse(text);
  if (!value) return value.error();
  const auto* object = value->if_object();
  if (object == nullptr) return invalid("the payload is no JSON object");
  if (const auto* type = object->if_contains("type");
      type != nullptr && (!type->is_string() || std::string_view(type->get_string()) != name_of(expected)))
    return invalid("the payload's type is not \"" + std::string(name_of(expected)) + '"');
  const auto* sdp = object->if_contains("sdp");
  if (sdp == nullptr || !sdp->is_string() || sdp->get_string().empty()) return invalid("the payload has no sdp");
  return SessionDescription{expected, std::string(sdp->get_string())};
}

Result<IceCandidate> parse_candidate(std::string_view text) {
  const auto value = parse(text);
  if (!value) return value.error();
  IceCandidate candidate;
  if (value->is_null()) return candidate;
  const auto* object = value->if_object();
  if (object == nullptr) return invalid("the payload is no JSON object");
  const auto* line = object->if_contains("candidate");
  if (line == nullptr || !line->is_string()) return invalid("the payload has no candidate");
  candidate.candidate = line->get_string();
  if (const auto* mid = object->if_contains("sdpMid"); mid != nullptr && mid->is_string())
    candidate.sdp_mid = std::string(mid->get_string());
  if (const auto* index = object->if_contains("sdpMLineIndex"); index != nullptr && index->is_int64()) {
    const auto number = index->get_int64();
    if (number < 0 || number > std::numeric_limits<std::uint16_t>::max())
      return invalid("the payload's sdpMLineIndex is no index");
    candidate.sdp_m_line_index = static_cast<std::uint16_t>(number);
  }
  if (const auto* fragment = object->if_contains("usernameFragment"); fragment != nullptr && fragment->is_string())
    candidate.username_fragment = std::string(fragment->get_string());
  return candidate;
}

}  // namespace heliograph::sdk
