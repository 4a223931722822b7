// The usual ways in which a request changes between its signer and us.
#include "wire/sigv4_guesses.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "wire/sigv4_canonical.hpp"

namespace heliograph::wire {
namespace {

constexpr std::string_view kProxyHost =
    "a proxy rewrote Host; have it pass the client's (nginx: proxy_set_header Host $http_host)";

void add(std::vector<Guess>& list, Guess guess) {
  const auto is_same = [&guess](const Guess& other) { return other.value == guess.value; };
  if (std::none_of(list.begin(), list.end(), is_same)) list.push_back(std::move(guess));
}

std::string_view without_port(std::string_view host) {
  const auto colon = host.rfind(':');
  return colon == std::string_view::npos || host.find(']', colon) != std::string_view::npos ? host
                                                                                            : host.substr(0, colon);
}

/// "for=192.0.2.1;host=example.com;proto=https" (RFC 7239)
std::string_view forwarded_host(std::string_view forwarded) {
  const auto at = forwarded.find("host=");
  if (at == std::string_view::npos) return {};
  std::string_view host = forwarded.substr(at + 5);
  if (host.starts_with('"')) host.remove_prefix(1);
  return host.substr(0, host.find_first_of("\";, "));
}

std::vector<Guess> guess_hosts(const RequestView& request, const AuthClaim& claim,
                               std::span<const std::string> own_hosts) {
  const std::string received(header_value(request, "host"));
  std::vector<Guess> list{{received}};
  const auto other = [&](std::string_view host, std::string_view cause) {
    if (!host.empty()) add(list, {std::string(host), "host", received, std::string(host), std::string(cause)});
  };
  std::string small = received;
  for (char& c : small) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + ('a' - 'A')) : c;
  other(small, "the signer wrote the host in small letters; connect to it as it is signed");
  other(without_port(received), "the signer leaves the port out of the host; sign host and port as in the URL");
  const std::string bare(without_port(received));
  for (const char* port : {":443", ":80"})
    other(bare + port, "the signer adds the default port, which clients leave out of the Host header");
  for (const char* name : {"x-forwarded-host", "x-original-host"}) {
    const auto host = header_value(request, name);
    other(host.substr(0, host.find(',')), kProxyHost);
    if (const auto port = header_value(request, "x-forwarded-port"); !host.empty() && !port.empty())
      other(std::string(without_port(host)) + ':' + std::string(port), kProxyHost);
  }
  other(forwarded_host(header_value(request, "forwarded")), kProxyHost);
  for (const std::string& own : own_hosts) {
    other(own, "signed for another name of this service than it was sent to, or a proxy rewrote Host");
    other(without_port(own), "signed for another name of this service, without its port");
  }
  const std::string region(claim.region.substr(0, 32));
  for (const char* role : {"", "m-", "v-"})
    other(std::string(role) + "kinesisvideo." + region + ".amazonaws.com",
          "signed for the real service; give the client this service's endpoint before it signs");
  return list;
}

std::vector<Guess> guess_paths(const RequestView& request) {
  const std::string received(split_target(request.target).path);
  std::vector<Guess> list{{received}};
  const auto other = [&](std::string path, std::string_view cause) {
    std::string shown = path;
    if (!path.empty()) add(list, {std::move(path), "path", received, std::move(shown), std::string(cause)});
  };
  const std::string once = percent_encode(received, UriSpelling::kPath);
  add(list, {once});  // As the AWS SDKs sign; the service takes that too.
  other(percent_encode(once, UriSpelling::kPath), "the path was percent-encoded once too often before it was signed");
  if (const auto decoded = percent_decode(received))
    other(*decoded, "the signer did not percent-encode the path as it sent it");
  if (received.size() > 1)
    other(received.ends_with('/') ? received.substr(0, received.size() - 1) : received + '/',
          "a slash at the end of the path was added or taken away after signing");
  other("/", "the signer signed / while the request went to a path (a proxy's prefix?); endpoints have no path");
  for (const char* name : {"x-original-uri", "x-forwarded-uri"})
    other(std::string(split_target(header_value(request, name)).path), "a proxy rewrote the path");
  if (const auto prefix = header_value(request, "x-forwarded-prefix"); !prefix.empty())
    other(std::string(prefix) + received, "a proxy cut its prefix off the path");
  return list;
}

std::string join_query(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "&") + part;
  return text;
}

/// Without the parameter at `left_out`; SigV4's own spelling.
std::string query_without(const Query& query, std::size_t left_out) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < query.params().size(); ++i) {
    const QueryParam& param = query.params()[i];
    if (i == left_out || param.name == "X-Amz-Signature") continue;
    parts.push_back(percent_encode(param.name) + '=' + percent_encode(param.value));
  }
  std::sort(parts.begin(), parts.end());
  return join_query(parts);
}

std::string query_as_sent(const Query& query) {
  std::vector<std::string> parts;
  for (const QueryParam& param : query.params())
    if (param.name != "X-Amz-Signature")
      parts.push_back(std::string(param.raw_name) + '=' + std::string(param.raw_value));
  return join_query(parts);
}

std::string query_with_spaces(const Query& query) {
  std::vector<std::string> parts;
  for (const QueryParam& param : query.params()) {
    if (param.name == "X-Amz-Signature") continue;
    std::string value(param.value);
    std::replace(value.begin(), value.end(), '+', ' ');
    parts.push_back(percent_encode(param.name) + '=' + percent_encode(value));
  }
  std::sort(parts.begin(), parts.end());
  return join_query(parts);
}

std::string canonical_query(const Query& query, QuerySpelling spelling) {
  std::string text;
  append_canonical_query(text, query, spelling);
  return text;
}

std::vector<Guess> guess_queries(const AuthClaim& claim) {
  std::vector<Guess> list{{canonical_query(claim.query, QuerySpelling::kStrict)}};
  for (const auto spelling : {QuerySpelling::kComponent, QuerySpelling::kRaw})
    add(list, {canonical_query(claim.query, spelling)});  // Spellings that the service takes.
  add(list, {query_as_sent(claim.query), "query", "sorted by name", "in the order sent",
             "the signer does not sort the parameters; SigV4 wants them sorted by name", true});
  add(list, {query_with_spaces(claim.query), "query", "+", "%20", "a space was sent as +; write it as %20 in the URL"});
  constexpr std::size_t kMostParams = 16;
  for (std::size_t i = 0; i < std::min(claim.query.params().size(), kMostParams); ++i) {
    const QueryParam& param = claim.query.params()[i];
    if (param.name == "X-Amz-Signature") continue;
    const bool is_token = param.name == "X-Amz-Security-Token";
    add(list, {query_without(claim.query, i), "query " + std::string(param.name.substr(0, 64)),
               is_token ? "(a session token)" : std::string(param.value.substr(0, 300)), "(not there)",
               is_token ? "the session token was added to the URL after it was signed; sign it with the others"
                        : "the parameter was added, or given its value, after the URL was signed"});
  }
  return list;
}

std::vector<Guess> guess_bodies(const RequestView& request) {
  const std::string hash = to_hex(sha256(request.body));
  std::vector<Guess> list{{hash}};
  const auto other = [&](std::string_view value, std::string_view cause) {
    add(list, {std::string(value), "body", hash, std::string(value), std::string(cause)});
  };
  other(kEmptyHash, "the signer signed an empty body, and another was sent");
  other(kUnsignedPayload,
        "the signer signed UNSIGNED-PAYLOAD without a signed header x-amz-content-sha256 that says so");
  std::string said;
  append_canonical_value(said, header_value(request, "x-amz-content-sha256"));
  if (said.size() == hash.size()) other(said, "the body changed after it was signed (a proxy that rewrites JSON?)");
  std::string trimmed(request.body);
  while (!trimmed.empty() && (trimmed.back() == '\n' || trimmed.back() == '\r')) trimmed.pop_back();
  other(to_hex(sha256(trimmed)), "a line end was added to the body after it was signed");
  other(to_hex(sha256(std::string(request.body) + '\n')), "the line end of the body was lost after it was signed");
  return list;
}

std::vector<Guess> guess_types(const RequestView& request) {
  const std::string received(header_value(request, "content-type"));
  std::vector<Guess> list{{received}};
  for (const char* type : {"application/json", "application/json; charset=utf-8", "application/json;charset=UTF-8",
                           "application/x-amz-json-1.1", "application/x-amz-json-1.0", "text/plain;charset=UTF-8"})
    if (!received.empty())
      add(list, {type, "header content-type", received, type,
                 "the HTTP library changed Content-Type after signing; set the one that is signed"});
  return list;
}

}  // namespace

std::string_view header_value(const RequestView& request, std::string_view name) {
  const auto found = std::find_if(request.headers.begin(), request.headers.end(),
                                  [&](const HeaderView& header) { return is_same_header(header.name, name); });
  return found == request.headers.end() ? std::string_view{} : found->value;
}

Guesses guess_what_was_signed(const RequestView& request, const AuthClaim& claim,
                              std::span<const std::string> own_hosts) {
  Guesses guesses;
  guesses.of[kGuessHost] = guess_hosts(request, claim, own_hosts);
  guesses.of[kGuessPath] = guess_paths(request);
  guesses.of[kGuessQuery] = guess_queries(claim);
  guesses.of[kGuessBody] = guess_bodies(request);
  auto& methods = guesses.of[kGuessMethod] = {{std::string(request.method)}};
  for (const char* method : {"GET", "POST", "PUT", "HEAD"})
    add(methods, {method, "method", std::string(request.method), method,
                  "signed for another method than it was sent with (a redirect turns POST into GET)"});
  guesses.of[kGuessType] = guess_types(request);
  // The secrets themselves stay out of this: the value says what is done to the right one.
  guesses.of[kGuessKey] = {{"as it is"}};
  for (const auto& [change, what] : {std::pair{"\n", "a line end"}, {"\r\n", "a line end"}, {" ", "a space"}})
    guesses.of[kGuessKey].push_back({change, "secret key", "without " + std::string(what), "with " + std::string(what),
                                     "the client's secret key ends with " + std::string(what) + " (read from a file?)",
                                     true});
  return guesses;
}

}  // namespace heliograph::wire
