// Answers in the forms that clients read.
#include "server/answers.hpp"

#include <array>

namespace heliograph::server {

net::HttpResponse error_response(const Error& error, wire::Surface surface) {
  auto answer = wire::to_http(error, surface);
  return {answer.status,
          {{"Content-Type", "application/json"},
           {"x-amzn-ErrorType", std::string(answer.type)},
           {"Cache-Control", "no-store"}},
          std::move(answer.body)};
}

std::string_view path_of(std::string_view target) noexcept { return target.substr(0, target.find('?')); }

net::HttpResponse json_response(int status, std::string body) {
  return {status, {{"Content-Type", "application/json"}, {"Cache-Control", "no-store"}}, std::move(body)};
}

void add_cors_headers(net::HttpResponse& response) {
  response.headers.push_back({"Access-Control-Allow-Origin", "*"});
  response.headers.push_back(
      {"Access-Control-Expose-Headers", "x-amzn-RequestId,x-amzn-ErrorType,x-amzn-ErrorMessage,Date"});
}

net::HttpResponse preflight_response(const net::HttpRequest& request) {
  net::HttpResponse response{200, {}, {}};
  add_cors_headers(response);
  response.headers.push_back({"Access-Control-Allow-Methods", "GET, POST, OPTIONS"});
  const auto asked = request.header("Access-Control-Request-Headers");
  if (!asked.empty()) response.headers.push_back({"Access-Control-Allow-Headers", std::string(asked)});
  response.headers.push_back({"Access-Control-Max-Age", "172800"});
  response.headers.push_back({"Vary", "Access-Control-Request-Headers"});
  return response;
}

std::string make_request_id(Rng& rng) {
  std::array<std::byte, 16> bytes{};
  rng.fill(bytes);
  bytes[6] = (bytes[6] & std::byte{0x0F}) | std::byte{0x40};
  bytes[8] = (bytes[8] & std::byte{0x3F}) | std::byte{0x80};
  constexpr std::string_view kHex = "0123456789abcdef";
  std::string id;
  id.reserve(36);
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i == 4 || i == 6 || i == 8 || i == 10) id.push_back('-');
    id.push_back(kHex[std::to_integer<unsigned>(bytes[i] >> 4)]);
    id.push_back(kHex[std::to_integer<unsigned>(bytes[i] & std::byte{0x0F})]);
  }
  return id;
}

}  // namespace heliograph::server
