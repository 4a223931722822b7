// Finding the service, and signing what it is asked.
#include "cli/operator_client.hpp"

#include <boost/json.hpp>
#include <fstream>
#include <iterator>
#include <utility>

#include "base/clock.hpp"
#include "wire/credentials_file.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;

Result<std::string> read_text(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream)
    return Error{Errc::kResourceNotFound,
                 "cannot read " + file.string() + "; name the data directory of a heliographd that runs with --data"};
  return std::string((std::istreambuf_iterator<char>(stream)), std::istreambuf_iterator<char>());
}

std::string member(const json::value& object, std::string_view name) {
  const auto* fields = object.if_object();
  const auto* field = fields == nullptr ? nullptr : fields->if_contains(name);
  return field != nullptr && field->is_string() ? std::string(field->get_string()) : std::string{};
}

/// What the service says went wrong.
std::string message_of(const net::HttpReply& reply) {
  json::error_code error;
  const json::value body = json::parse(reply.body, error);
  std::string text = error ? std::string{} : member(body, "message");
  if (text.empty() && !error) text = member(body, "Message");
  if (text.empty()) text = "the service answered " + std::to_string(reply.status);
  return text;
}

}  // namespace

Result<OperatorClient> OperatorClient::open(const AdminTarget& target) {
  const auto credentials = read_text(target.data_dir / "credentials");
  if (!credentials) return credentials.error();
  const auto runtime = read_text(target.data_dir / "runtime.json");
  if (!runtime && target.endpoint.empty()) return runtime.error();
  json::error_code error;
  const json::value facts = runtime ? json::parse(*runtime, error) : json::value();
  auto keys = wire::parse_credentials_file(*credentials);
  if (!keys || keys->empty() || error)
    return Error{Errc::kCorrupt, "the files in " + target.data_dir.string() + " are damaged; restart heliographd"};

  OperatorClient client;
  const bool is_local = target.endpoint.empty();
  auto endpoint = net::parse_http_url(is_local ? member(facts, "httpsEndpoint") : target.endpoint);
  if (!endpoint) return endpoint.error();
  client.endpoint_ = *std::move(endpoint);
  client.region_ = member(facts, "region");
  if (client.region_.empty()) client.region_ = "us-east-1";
  client.key_ = {keys->front().id.str(), keys->front().secret, Secret{}, std::nullopt};
  auto made = net::HttpClient::make(!target.ca_file.empty() ? target.ca_file
                                    : is_local              ? member(facts, "caFile")
                                                            : std::string{});
  if (!made) return made.error();
  client.client_ = std::move(*made);
  return client;
}

Result<std::string> OperatorClient::call(net::HttpCall call, std::string_view path) {
  call.url = endpoint_;
  call.url.target = "/_heliograph/v1/admin/" + std::string(path);
  const std::string host = call.url.authority();
  const auto signature = wire::sign_headers(
      {.method = call.method, .host = host, .target = call.url.target, .body = call.body, .region = region_}, key_,
      SystemClock().wall_now(), *cache_);
  call.headers = {{"Content-Type", "application/json"},
                  {"X-Amz-Date", signature.x_amz_date},
                  {"Authorization", signature.authorization}};
  auto reply = client_->run(std::move(call));
  if (!reply) return Error{reply.error().code, endpoint_.text() + ": " + reply.error().detail};
  if (reply->status != 200) return Error{Errc::kInvalidArgument, message_of(*reply)};
  return std::move(reply->body);
}

Result<std::string> OperatorClient::get(std::string_view path) {
  net::HttpCall request;
  request.method = "GET";
  return call(std::move(request), path);
}

Result<std::string> OperatorClient::post(std::string_view path, std::string body) {
  net::HttpCall request;
  request.body = std::move(body);
  return call(std::move(request), path);
}

Result<void> OperatorClient::follow(std::string_view path, std::function<void(std::string_view)> on_body) {
  net::HttpCall request;
  request.method = "GET";
  request.timeout = std::chrono::milliseconds(0);
  request.on_body = std::move(on_body);
  const auto ended = call(std::move(request), path);
  if (!ended) return ended.error();
  return {};
}

}  // namespace heliograph::cli
