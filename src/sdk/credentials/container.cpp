// Asking a container's endpoint.
#include "sdk/credentials/container.hpp"

#include <boost/asio/ip/address.hpp>
#include <utility>

#include "base/read_file.hpp"
#include "sdk/credentials/quote.hpp"
#include "wire/credential_answers.hpp"

namespace heliograph::sdk {
namespace {

constexpr const char* kRelative = "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI";
constexpr const char* kFull = "AWS_CONTAINER_CREDENTIALS_FULL_URI";
constexpr const char* kTokenFile = "AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE";
constexpr const char* kToken = "AWS_CONTAINER_AUTHORIZATION_TOKEN";
constexpr std::size_t kMostToken = 64 * 1024;

Error named(Error error) {
  error.detail.insert(0, "container: ");
  return error;
}

}  // namespace

bool may_be_asked_in_the_clear(std::string_view host) {
  if (host == "localhost") return true;
  boost::system::error_code is_name;
  const auto address = boost::asio::ip::make_address(std::string(host), is_name);
  if (is_name) return false;
  for (const char* given : {"169.254.170.2", "169.254.170.23", "fd00:ec2::23"})
    if (address == boost::asio::ip::make_address(given)) return true;
  return address.is_loopback();
}

void ContainerSource::fetch(CredentialHandler done) {
  auto where = url();
  if (!where) return done(named(where.error()));
  auto token = authorization();
  if (!token) return done(named(token.error()));
  net::HttpCall call;
  call.url = std::move(*where);
  call.method = "GET";
  call.headers = {{"Accept", "application/json"}};
  if (!token->empty()) call.headers.push_back({"Authorization", std::string(token->reveal())});
  call.timeout = options_.timeout;
  RepeatRule rule;
  rule.tries = options_.tries;
  call_ = RepeatedCall::start(
      world_, std::move(call), rule,
      while_alive(this, [done, token = *token](ContainerSource& self, const Result<net::HttpReply>& reply) {
        auto result = self.read(reply, token);
        done(result ? std::move(result) : Result<Credentials>(named(result.error())));
      }));
}

Result<net::HttpUrl> ContainerSource::url() const {
  std::string text = options_.url;
  if (text.empty()) {
    const std::string relative = world_.variable(kRelative);
    // Behind the host, without a slash, it could make another host of it.
    if (!relative.empty() && relative.front() != '/')
      return Error{Errc::kInvalidArgument, std::string(kRelative) + " does not begin with a slash"};
    text = relative.empty() ? world_.variable(kFull) : "http://169.254.170.2" + relative;
  }
  if (text.empty()) return not_set_up(std::string("neither ") + kRelative + " nor " + kFull + " is set");
  auto parsed = net::parse_http_url(text);
  if (!parsed) return parsed;
  if (!parsed->tls && !may_be_asked_in_the_clear(parsed->host)) {
    return Error{Errc::kTlsRequired,
                 "credentials are asked for over plain http only at this machine and at "
                 "169.254.170.2, 169.254.170.23 and fd00:ec2::23, not at " +
                     quote(parsed->host) + ": use https"};
  }
  return parsed;
}

Result<Secret> ContainerSource::authorization() const {
  std::string file = options_.authorization_file;
  Secret token = options_.authorization;
  if (file.empty() && token.empty()) {
    file = world_.variable(kTokenFile);
    if (file.empty()) token = Secret(world_.variable(kToken));
  }
  if (!file.empty()) {
    auto text = read_file(file, kMostToken);
    if (!text) return Error{Errc::kIo, "the authorization token: " + text.error().detail};
    // Editors and shells end files with a line break, which is no part of a token. One inside is refused below.
    while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
    token = Secret(std::move(*text));
  }
  if (token.reveal().find_first_of("\r\n", 0) != std::string_view::npos)
    return Error{Errc::kInvalidArgument, "the authorization token has a line break, which would begin another header"};
  return token;
}

Result<Credentials> ContainerSource::read(const Result<net::HttpReply>& reply, const Secret& token) const {
  if (!reply) return reply.error();
  if (reply->status != 200) {
    const auto refusal = wire::parse_json_refusal(reply->body);
    const std::string said = quote_refusal(refusal.code, refusal.message, {token.reveal()});
    return Error{errc_of(reply->status), "the endpoint answered " + std::to_string(reply->status) +
                                             (said.empty() ? std::string{} : ": " + said)};
  }
  auto credentials = wire::parse_container_credentials(reply->body);
  if (!credentials) return Error{Errc::kCorrupt, "the endpoint's answer: " + credentials.error().detail};
  return by_our_clock(std::move(credentials), *reply, *world_.clock);
}

}  // namespace heliograph::sdk
