// Signing and reading.
#include "sdk/channel/service_exchange.hpp"

#include <array>
#include <boost/json.hpp>

#include "sdk/channel/error_answer.hpp"
#include "wire/date.hpp"

namespace heliograph::sdk {
namespace {

constexpr std::string_view kJson = "application/json";
/// A page of 10000 channels takes about half of it.
constexpr std::size_t kMaxReplyBody = 16UL * 1024 * 1024;

}  // namespace

net::HttpCall to_signed_call(const net::HttpUrl& url, std::string body, const Credentials& credentials,
                             const std::string& region, WallTime now, wire::SigningKeyCache& keys) {
  const wire::SigningCredential key{credentials.access_key_id, credentials.secret_access_key, credentials.session_token,
                                    std::nullopt};
  const std::array<wire::HeaderView, 1> headers{{{"content-type", kJson}}};
  const std::string host = url.authority();
  const auto added = wire::sign_headers(
      {.method = "POST", .host = host, .target = url.target, .headers = headers, .body = body, .region = region}, key,
      now, keys);
  net::HttpCall call;
  call.url = url;
  call.body = std::move(body);
  call.max_reply_body = kMaxReplyBody;
  call.headers = {{"Content-Type", std::string(kJson)},
                  {"User-Agent", "heliograph/" HELIOGRAPH_VERSION},
                  {"X-Amz-Date", added.x_amz_date},
                  {"Authorization", added.authorization}};
  if (!added.x_amz_security_token.empty())
    call.headers.push_back({"X-Amz-Security-Token", std::string(added.x_amz_security_token.reveal())});
  return call;
}

Result<boost::json::object> read_body(const net::HttpReply& reply) {
  if (reply.body.empty()) return boost::json::object{};
  boost::system::error_code wrong;
  auto value = boost::json::parse(reply.body, wrong);
  if (wrong || !value.is_object()) {
    return Error{Errc::kCorrupt, "the answer " + std::to_string(reply.status) +
                                     " is no JSON object; is the endpoint that of the service?"};
  }
  return std::move(value.as_object());
}

std::optional<WallTime> date_of(const net::HttpReply& reply) noexcept {
  return wire::parse_http_date(header_of(reply, "Date"));
}

}  // namespace heliograph::sdk
