// Requests looked at: taken apart, verified, explained.
#include "cli/doctor/signature_command.hpp"

#include <algorithm>
#include <boost/json.hpp>
#include <iostream>
#include <iterator>

#include "cli/doctor/signature_text.hpp"
#include "wire/credentials_file.hpp"
#include "wire/error_table.hpp"

namespace heliograph::cli {
namespace {

constexpr std::string_view kRefusals = "/_heliograph/v1/admin/refusals";

struct Request {
  std::string method;
  std::string target;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string body;
};

Result<Request> parse_request(std::string_view text) {
  const Error bad{
      Errc::kInvalidArgument,
      "this is no HTTP request: it begins with a line such as POST /describeSignalingChannel HTTP/1.1, then "
      "headers, an empty line, and the body"};
  const auto take_line = [&text]() {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(line.size() + 1, text.size()));
    return line.ends_with('\r') ? line.substr(0, line.size() - 1) : line;
  };
  const std::string_view first = take_line();
  const auto space = first.find(' ');
  const auto end = first.rfind(" HTTP/");
  if (space == std::string_view::npos || end == std::string_view::npos || end <= space) return bad;
  Request request{std::string(first.substr(0, space)), std::string(first.substr(space + 1, end - space - 1)), {}, {}};
  while (!text.empty()) {
    const std::string_view line = take_line();
    if (line.empty()) break;
    const auto colon = line.find(':');
    if (colon == std::string_view::npos) return bad;
    const auto value = std::min(line.find_first_not_of(' ', colon + 1), line.size());
    request.headers.emplace_back(line.substr(0, colon), line.substr(value));
  }
  request.body = text;
  return request;
}

Result<std::string> read_input(const std::string& file) {
  if (file != "-") return read_named(file);
  return std::string(std::istreambuf_iterator<char>(std::cin), {});
}

Result<SignatureAnswer> ask_service(const SignatureQuestion& question, const ServiceOptions& options,
                                    std::string_view canonical) {
  const auto service = find_service(options);
  if (!service) return service.error();
  if (!question.request_id.empty()) {
    const auto refusal = call(*service, service->any(), std::string(kRefusals) + '/' + question.request_id, {}, "GET");
    if (!refusal) return refusal.error();
    return SignatureAnswer{false, to_text(*refusal, canonical)};
  }
  const auto answer = call(*service, service->any(), kRefusals, {}, "GET");
  if (!answer) return answer.error();
  const auto* list = answer->if_contains("refusals");
  if (list == nullptr || !list->is_array() || list->get_array().empty())
    return SignatureAnswer{true, "The service has refused nobody since it was started.\n"};
  SignatureAnswer out;
  constexpr std::size_t kListed = 10;
  const auto& refusals = list->get_array();
  for (std::size_t i = std::min(refusals.size(), kListed); i-- > 1;)
    if (refusals[i].is_object()) out.text += to_line(refusals[i].get_object());
  if (refusals.front().is_object()) out.text += to_text(refusals.front().get_object(), canonical);
  return out;
}

Result<SignatureFacts> facts_here(const ServiceOptions& options, std::vector<wire::SigningCredential>& keys) {
  SignatureFacts facts{.now = SystemClock().wall_now()};
  if (const auto text = read_text(options.data_dir / "credentials"))
    if (const auto profiles = wire::parse_credentials_file(*text))
      for (const auto& profile : *profiles) keys.push_back({profile.id.str(), profile.secret, Secret{}, std::nullopt});
  if (const auto service = find_service(options)) {
    facts.region = service->region;
    if (service->key) keys.push_back(*service->key);
    for (const std::string& url : {service->http, service->https})
      if (const auto endpoint = parse_endpoint(url)) facts.own_hosts.push_back(endpoint->authority);
  } else if (!options.region.empty()) {
    facts.region = options.region;
  }
  if (keys.empty())
    return Error{Errc::kInvalidArgument,
                 "to look at a request here takes its key: name the service's data directory with --data, set "
                 "AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or ask the service by the refusal's request id"};
  facts.keys = keys;
  return facts;
}

}  // namespace

Result<std::string> to_request(const std::string& url) {
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return endpoint.error();
  return "GET " + target_of(url) + " HTTP/1.1\r\nHost: " + endpoint->authority + "\r\n\r\n";
}

Result<SignatureAnswer> explain_request(std::string_view text, const SignatureFacts& facts,
                                        std::string_view canonical) {
  const auto request = parse_request(text);
  if (!request) return request.error();
  std::vector<wire::HeaderView> headers;
  for (const auto& [name, value] : request->headers) headers.push_back({name, value});
  const wire::RequestView view{request->method, request->target, headers, request->body};
  const auto claim = wire::parse_authentication(view);
  const auto key =
      !claim ? facts.keys.end() : std::find_if(facts.keys.begin(), facts.keys.end(), [&](const auto& candidate) {
        return candidate.access_key_id == claim->access_key_id;
      });
  const bool is_known = key != facts.keys.end();
  const wire::VerifyPolicy policy{.region = facts.region};
  wire::SigningKeyCache cache(1);
  // The signature first, as if it had come at once; that it is old is told beside it.
  Result<void> now = {};
  Result<void> then = {};
  if (!claim) {
    now = then = claim.error();
  } else if (!is_known) {
    now = then = Errc::kUnrecognizedClient;
  } else {
    now = wire::verify(view, *claim, *key, facts.now, policy, cache);
    then = wire::verify(view, *claim, *key, claim->date, policy, cache);
  }
  if (now) return SignatureAnswer{true, "The signature is good.\n"};
  const Error why = then ? now.error() : then.error();
  const auto& row = wire::error_row(why.code);
  SignatureAnswer out{false, "Refused: " + std::string(row.http[0].type) + ": " +
                                 (why.detail.empty() ? std::string(row.text) : why.detail) + "\n"};
  if (then) out.text += "The signature itself is right.\n";
  const auto explanation = wire::explain_refusal(
      view, why,
      {.credential = is_known ? &*key : nullptr, .now = facts.now, .policy = policy, .own_hosts = facts.own_hosts});
  out.text += to_text(explanation, canonical);
  return out;
}

Result<SignatureAnswer> answer_signature(const SignatureQuestion& question, const ServiceOptions& options) {
  std::string canonical;
  if (!question.canonical_file.empty()) {
    auto text = read_input(question.canonical_file);
    if (!text) return text.error();
    canonical = *std::move(text);
  }
  if (question.url.empty() && question.request_file.empty()) return ask_service(question, options, canonical);
  const auto request = question.url.empty() ? read_input(question.request_file) : to_request(question.url);
  if (!request) return request.error();
  std::vector<wire::SigningCredential> keys;
  const auto facts = facts_here(options, keys);
  if (!facts) return facts.error();
  return explain_request(*request, *facts, canonical);
}

}  // namespace heliograph::cli
