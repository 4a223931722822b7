// What may be fetched, and what counts as a document.
#include "server/identity/fetch.hpp"

#include "net/http_client.hpp"
#include "server/setting_texts.hpp"

namespace heliograph::server::identity {

bool is_fetchable(const std::string& url) {
  const auto where = net::parse_http_url(url);
  return where && (where->tls || is_loopback(where->host));
}

Result<std::string> fetch(const std::string& url, std::chrono::seconds patience) {
  if (!is_fetchable(url)) return Error{Errc::kInvalidArgument, url + " is neither https nor http on loopback"};
  const auto client = net::HttpClient::make({});
  if (!client) return client.error();
  auto answer = (*client)->run({.url = net::parse_http_url(url).value(), .method = "GET", .timeout = patience});
  if (!answer) return Error{answer.error().code, url + " gave no document: " + answer.error().detail};
  if (answer->status != 200)
    return Error{Errc::kIo, url + " gave no document, but the status " + std::to_string(answer->status)};
  return std::move(answer->body);
}

}  // namespace heliograph::server::identity
