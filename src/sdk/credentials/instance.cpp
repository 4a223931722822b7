// Walking through the metadata service.
#include "sdk/credentials/instance.hpp"

#include <algorithm>
#include <utility>

#include "sdk/credentials/environment.hpp"
#include "sdk/credentials/quote.hpp"
#include "wire/credential_answers.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

constexpr const char* kTokenPath = "/latest/api/token";
constexpr const char* kRolePath = "/latest/meta-data/iam/security-credentials/";

/// The first line; empty when it is not printable ASCII, which both a token and a role's name are.
std::string first_line(const std::string& text) {
  std::string line = text.substr(0, text.find_first_of("\r\n"));
  const bool clean = std::all_of(line.begin(), line.end(), [](char c) { return c > ' ' && c < 0x7F; });
  return clean ? line : std::string{};
}

}  // namespace

void InstanceSource::fetch(CredentialHandler done) {
  done_ = std::move(done);
  heard_ = false;
  token_.clear();
  if (is_true(world_.variable("AWS_EC2_METADATA_DISABLED")))
    return finish(not_set_up("EC2 instance: AWS_EC2_METADATA_DISABLED is true"));
  auto where = base();
  if (!where) return fail(where.error().code, "the metadata service's endpoint: " + where.error().detail);
  base_ = std::move(*where);
  ask("PUT", kTokenPath, &InstanceSource::on_token);
}

Result<net::HttpUrl> InstanceSource::base() {
  std::string text = options_.endpoint;
  if (text.empty()) text = world_.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT");
  named_ = !text.empty();
  if (text.empty()) {
    std::string mode = world_.variable("AWS_EC2_METADATA_SERVICE_ENDPOINT_MODE");
    std::transform(mode.begin(), mode.end(), mode.begin(),
                   [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
    text = mode == "ipv6" ? "http://[fd00:ec2::254]" : "http://169.254.169.254";
  }
  while (text.ends_with('/')) text.pop_back();
  return net::parse_http_url(text);
}

void InstanceSource::ask(const std::string& method, const std::string& path,
                         void (InstanceSource::*next)(const Result<net::HttpReply>&)) {
  net::HttpCall call;
  call.url = base_;
  call.url.target = (base_.target == "/" ? std::string{} : base_.target) + path;
  call.method = method;
  if (method == "PUT") call.headers = {{"x-aws-ec2-metadata-token-ttl-seconds", "21600"}};
  if (!token_.empty()) call.headers = {{"x-aws-ec2-metadata-token", token_}};
  call.timeout = options_.timeout;
  RepeatRule rule;
  rule.tries = options_.tries;
  // Whoever is not on an instance should not be kept waiting for what is not there.
  rule.when_silent = heard_;
  call_ = RepeatedCall::start(world_, std::move(call), rule,
                              while_alive(this, [next](InstanceSource& self, const Result<net::HttpReply>& reply) {
                                if (reply) self.heard_ = true;
                                (self.*next)(reply);
                              }));
}

void InstanceSource::on_token(const Result<net::HttpReply>& reply) {
  // Behind more than one hop, as in a container, the token does not arrive; old services have none to give.
  const bool without = reply ? reply->status == 403 || reply->status == 404 || reply->status == 405
                             : reply.error().code == Errc::kTimeout;
  if (without) {
    if (!options_.allow_v1 || is_true(world_.variable("AWS_EC2_METADATA_V1_DISABLED"))) {
      if (!reply) return fail_silent(reply.error());
      return fail(errc_of(reply->status), "the metadata service gives no token, and version 1 is not allowed here");
    }
    return ask("GET", kRolePath, &InstanceSource::on_role);
  }
  if (!reply) return fail_silent(reply.error());
  if (reply->status != 200)
    return fail(errc_of(reply->status),
                "the metadata service answered " + std::to_string(reply->status) + " when asked for a token");
  token_ = first_line(reply->body);
  if (token_.empty()) return fail(Errc::kCorrupt, "the metadata service's token is none");
  ask("GET", kRolePath, &InstanceSource::on_role);
}

void InstanceSource::on_role(const Result<net::HttpReply>& reply) {
  if (!reply) return fail_silent(reply.error());
  if (reply->status == 404) return finish(not_set_up("EC2 instance: no role is attached to this instance"));
  if (reply->status != 200)
    return fail(errc_of(reply->status),
                "the metadata service answered " + std::to_string(reply->status) + " when asked for the role's name");
  const std::string role = first_line(reply->body);
  if (role.empty()) return fail(Errc::kCorrupt, "the metadata service's answer is no role's name");
  ask("GET", kRolePath + wire::percent_encode(role), &InstanceSource::on_credentials);
}

void InstanceSource::on_credentials(const Result<net::HttpReply>& reply) {
  if (!reply) return fail_silent(reply.error());
  if (reply->status != 200) {
    return fail(errc_of(reply->status),
                "the metadata service answered " + std::to_string(reply->status) + " when asked for credentials");
  }
  auto credentials = wire::parse_instance_credentials(reply->body);
  if (!credentials) return fail(credentials.error().code, "the metadata service: " + quote(credentials.error().detail));
  finish(by_our_clock(std::move(credentials), *reply, *world_.clock));
}

void InstanceSource::finish(Result<Credentials> result) { std::exchange(done_, nullptr)(std::move(result)); }

void InstanceSource::fail(Errc code, const std::string& detail) { finish(Error{code, "EC2 instance: " + detail}); }

void InstanceSource::fail_silent(const Error& error) {
  if (heard_ || named_) return fail(error.code, "the metadata service at " + base_.text() + ": " + error.detail);
  finish(not_set_up("EC2 instance: no metadata service answers (" + error.detail + ")"));
}

}  // namespace heliograph::sdk
