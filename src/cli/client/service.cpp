// Finding the service, and calling it.
#include "cli/client/service.hpp"

#include <fcntl.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <cerrno>
#include <cstdlib>

#include "base/read_file.hpp"
#include "heliograph/credential_sources.hpp"
#include "wire/credentials_file.hpp"
#include "wire/error_table.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

std::string variable(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string{} : std::string(value);
}

Error damaged(const std::filesystem::path& file) {
  return {Errc::kCorrupt, file.string() + " is damaged; restart heliographd to write it anew"};
}

/// A key of the environment does not stand in for one that is there and cannot be read, of a directory that was meant.
Result<void> find_key(Service& service, bool is_meant) {
  const auto file = service.data_dir / "credentials";
  const auto text = read_text(file);
  if (text) {
    const auto profiles = wire::parse_credentials_file(*text);
    if (!profiles || profiles->empty()) return damaged(file);
    service.key.emplace(profiles->front().id.str(), profiles->front().secret, Secret{}, std::nullopt);
    return {};
  }
  if (text.error().code != Errc::kResourceNotFound && is_meant) {
    service.key_problem = text.error();
    return {};
  }
  if (const std::string id = variable("AWS_ACCESS_KEY_ID"); !id.empty())
    service.key.emplace(id, Secret(variable("AWS_SECRET_ACCESS_KEY")), Secret(variable("AWS_SESSION_TOKEN")),
                        std::nullopt);
  return {};
}

/// Empty when there is none.
Result<json::object> read_runtime(const std::filesystem::path& data_dir) {
  const auto file = data_dir / "runtime.json";
  const auto text = read_text(file);
  if (!text && text.error().code != Errc::kResourceNotFound) return text.error();
  if (!text) return json::object{};
  boost::system::error_code error;
  auto facts = json::parse(*text, error);
  if (error || !facts.is_object()) return damaged(file);
  return std::move(facts.as_object());
}

/// "404 ResourceNotFoundException: …"
Error to_error(const HttpAnswer& answer) {
  std::string text =
      std::to_string(answer.status) + ' ' + answer.header("x-amzn-ErrorType") + ": " + message_of(answer);
  if (const auto id = answer.header("x-amzn-RequestId"); !id.empty()) text += " (request " + id + ')';
  return {code_of(answer), text};
}

}  // namespace

std::string Service::name() const {
  return is_local ? "heliographd at " + any() + " (" + data_dir.string() + ")" : any() + " (region " + region + ")";
}

Error Service::no_key() const {
  if (key_problem) return {key_problem->code, "there is no key to sign with: " + key_problem->detail};
  return {Errc::kLoginRequired, "there is no key to sign with: there is no " + (data_dir / "credentials").string() +
                                    "; name the data directory of heliographd with --data (restart heliographd to "
                                    "write the file anew), or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"};
}

std::string permission_advice() { return "; run this as root (sudo), or as the user of the service"; }

Result<std::string> read_text(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (text || ::faccessat(AT_FDCWD, file.c_str(), R_OK, AT_EACCESS) == 0 || errno != EACCES) return text;
  return Error{text.error().code, text.error().detail + permission_advice()};
}

Result<std::string> read_named(const std::filesystem::path& file) {
  auto text = read_file(file);
  if (!text) return Error{Errc::kInvalidArgument, text.error().detail};
  return text;
}

std::string text_of(const json::object& object, std::string_view name) {
  const auto* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

std::string ca_file_of(const ServiceOptions& options, const std::string& of_service) {
  if (!options.ca_file.empty()) return options.ca_file;
  return of_service.empty() ? variable("AWS_CA_BUNDLE") : of_service;
}

Result<Service> find_service(const ServiceOptions& options) {
  Service service;
  service.data_dir = std::filesystem::absolute(options.data_dir);
  const auto read = options.endpoint.empty() ? read_runtime(service.data_dir) : json::object{};
  if (!read) return read.error();
  const json::object& facts = *read;
  service.is_local = !facts.empty();
  if (!options.endpoint.empty()) {
    const auto endpoint = parse_endpoint(options.endpoint);
    if (!endpoint) return endpoint.error();
    (endpoint->tls ? service.https : service.http) = (endpoint->tls ? "https://" : "http://") + endpoint->authority;
  } else if (facts.empty()) {
    return Error{Errc::kResourceNotFound, "no heliographd runs with " + service.data_dir.string() +
                                              " (there is no runtime.json in it); start heliographd, name its data "
                                              "directory with --data, or where it is with --endpoint"};
  } else {
    service.http = text_of(facts, "httpEndpoint");
    service.https = text_of(facts, "httpsEndpoint");
  }
  service.own_ca_file = text_of(facts, "caFile");
  service.trust.ca_file = ca_file_of(options, service.own_ca_file);
  service.region = options.region;
  if (service.region.empty()) service.region = text_of(facts, "region");
  if (service.region.empty()) service.region = default_region();
  if (service.region.empty()) service.region = "us-east-1";
  if (auto found = find_key(service, options.is_data_given || service.is_local); !found) return found.error();
  return service;
}

Result<bool> is_heliographd(const Service& service) {
  if (service.is_local) return true;
  const auto where = parse_endpoint(service.any());
  if (!where) return where.error();
  const auto answer =
      fetch(*where, {.ca_file = {}, .is_believing = true}, {.target = "/_heliograph/v1/info", .headers = {}});
  if (!answer) return answer.error();
  // In plain text, off loopback, it says where it may be asked.
  if (answer->status == 308) return answer->header("Location").ends_with("/_heliograph/v1/info");
  boost::system::error_code error;
  const auto body = json::parse(answer->body, error);
  return !error && body.is_object() && text_of(body.get_object(), "product") == "heliograph";
}

std::string message_of(const HttpAnswer& answer) {
  boost::system::error_code error;
  const auto body = json::parse(answer.body, error);
  if (!error && body.is_object())
    for (const char* name : {"message", "Message"})
      if (std::string text = text_of(body.get_object(), name); !text.empty()) return text;
  if (answer.body.empty() || !error) return "the service answered " + std::to_string(answer.status);
  return answer.body.substr(0, 300);
}

Errc code_of(const HttpAnswer& answer) {
  if (const std::string type = answer.header("x-amzn-ErrorType"); !type.empty())
    for (int i = 0; i <= static_cast<int>(Errc::kCorrupt); ++i)
      for (const wire::HttpFace& face : wire::error_row(static_cast<Errc>(i)).http)
        if (face.type == type) return static_cast<Errc>(i);
  if (answer.status == 404) return Errc::kResourceNotFound;
  if (answer.status == 401 || answer.status == 403) return Errc::kAccessDenied;
  return answer.status >= 500 ? Errc::kServiceUnavailable : Errc::kBadRequest;
}

Result<HttpAnswer> ask_signed(const Service& service, const std::string& endpoint, HttpAsk ask, const OnBody& on_body) {
  const auto where = parse_endpoint(endpoint);
  if (!where) return where.error();
  if (service.key) {
    wire::SigningKeyCache cache(1);
    const auto headers = wire::sign_headers({.method = ask.method,
                                             .host = where->authority,
                                             .target = ask.target,
                                             .body = ask.body,
                                             .region = service.region},
                                            *service.key, SystemClock().wall_now(), cache);
    ask.headers.emplace_back("X-Amz-Date", headers.x_amz_date);
    if (!headers.x_amz_security_token.empty())
      ask.headers.emplace_back("X-Amz-Security-Token", headers.x_amz_security_token.reveal());
    ask.headers.emplace_back("Authorization", headers.authorization);
  }
  return fetch(*where, service.trust, std::move(ask), on_body);
}

Result<json::object> call(const Service& service, const std::string& endpoint, std::string_view path,
                          const json::object& body, std::string_view method) {
  HttpAsk ask{.method = std::string(method), .target = std::string(path)};
  if (method != "GET") {
    ask.body = json::serialize(body);
    ask.headers.emplace_back("Content-Type", "application/json");
  }
  const auto answer = ask_signed(service, endpoint, std::move(ask));
  if (!answer) return answer.error();
  if (answer->status != 200) return to_error(*answer);
  boost::system::error_code error;
  auto value = json::parse(answer->body, error);
  if (error || !value.is_object()) return Error{Errc::kCorrupt, "the answer is no JSON object; is it a heliographd?"};
  return std::move(value.as_object());
}

}  // namespace heliograph::cli
