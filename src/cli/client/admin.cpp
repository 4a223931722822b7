// What all calls of the admin API have in common.
#include "cli/client/admin.hpp"

#include <utility>

namespace heliograph::cli {

Result<AdminClient> AdminClient::open(const ServiceOptions& options) {
  auto service = find_service(options);
  if (!service) return service.error();
  return open(*std::move(service));
}

Result<AdminClient> AdminClient::open(Service service) {
  if (!service.key) return service.no_key();
  return AdminClient(std::move(service));
}

Result<HttpAnswer> AdminClient::ask(HttpAsk ask, std::string_view path, const OnBody& on_body) const {
  ask.target = "/_heliograph/v1/admin/" + std::string(path);
  if (ask.method != "GET") ask.headers.emplace_back("Content-Type", "application/json");
  auto answer = ask_signed(service_, service_.any(), std::move(ask), on_body);
  if (!answer) return Error{answer.error().code, service_.any() + ": " + answer.error().detail};
  if (answer->status >= 200 && answer->status < 300) return answer;
  return Error{code_of(*answer), message_of(*answer)};
}

Result<std::string> AdminClient::call(std::string_view method, std::string_view path, std::string body) const {
  auto answer = ask({.method = std::string(method), .body = std::move(body)}, path, {});
  if (!answer) return answer.error();
  return std::move(answer->body);
}

Result<void> AdminClient::follow(std::string_view path, const OnBody& on_body) const {
  const auto answer = ask({}, path, on_body);
  if (!answer) return answer.error();
  return {};
}

}  // namespace heliograph::cli
