// What may be fetched, and what counts as a document.
#include "server/identity/fetch.hpp"

#include <utility>

#include "server/setting_texts.hpp"

namespace heliograph::server::identity {

bool is_fetchable(const std::string& url) {
  const auto where = net::parse_http_url(url);
  return where && (where->tls || is_loopback(where->host));
}

void fetch(net::HttpClient& client, const std::string& url, std::chrono::seconds patience,
           std::function<void(Result<std::string>)> done) {
  if (!is_fetchable(url)) return done(Error{Errc::kInvalidArgument, url + " is neither https nor http on loopback"});
  client.start(
      {.url = net::parse_http_url(url).value(), .method = "GET", .timeout = patience},
      [url, done = std::move(done)](Result<net::HttpReply> answer) {
        if (!answer) return done(Error{answer.error().code, url + " gave no document: " + answer.error().detail});
        if (answer->status != 200)
          return done(Error{Errc::kIo, url + " gave no document, but the status " + std::to_string(answer->status)});
        done(std::move(answer->body));
      });
}

}  // namespace heliograph::server::identity
