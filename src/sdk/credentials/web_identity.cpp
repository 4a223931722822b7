// AssumeRoleWithWebIdentity: read the token, ask.
#include "sdk/credentials/web_identity.hpp"

#include <algorithm>
#include <utility>

#include "base/read_file.hpp"

namespace heliograph::sdk {
namespace {

constexpr const char* kAction = "AssumeRoleWithWebIdentity";
constexpr std::size_t kMostToken = 20'000;  // Model of sts, 2011-06-15.

Error named(Errc code, const std::string& detail) { return {code, "web identity: " + detail}; }

/// The token in a file, without the line break that may end it.
Result<std::string> read_token(const std::string& file) {
  auto text = read_file(file, kMostToken + 2);
  if (!text) return named(Errc::kIo, "the token: " + text.error().detail);
  while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
  const bool printable = std::all_of(text->begin(), text->end(), [](char c) { return c > ' ' && c < 0x7F; });
  if (text->size() < 4 || text->size() > kMostToken || !printable)
    return named(Errc::kCorrupt, "what is in " + file + " is no token");
  return text;
}

}  // namespace

void WebIdentitySource::fetch(CredentialHandler done) {
  StsRole role = with_region(world_, role_);
  const auto settle = [this](std::string& value, const char* name) {
    if (value.empty()) value = world_.variable(name);
  };
  std::string file = token_file_;
  settle(file, "AWS_WEB_IDENTITY_TOKEN_FILE");
  settle(role.arn, "AWS_ROLE_ARN");
  settle(role.session_name, "AWS_ROLE_SESSION_NAME");
  if (file.empty()) return done(not_set_up("web identity: AWS_WEB_IDENTITY_TOKEN_FILE is not set"));
  if (role.arn.empty()) return done(named(Errc::kInvalidArgument, "there is a token file but no AWS_ROLE_ARN"));
  auto token = read_token(file);
  if (!token) return done(token.error());
  auto call = make_sts_call(world_, kAction, role, {{"WebIdentityToken", *token}});
  if (!call) return done(named(call.error().code, call.error().detail));
  call_ = RepeatedCall::start(
      world_, std::move(*call), sts_rule(),
      while_alive(this, [done, token = Secret(*token)](WebIdentitySource& self, const Result<net::HttpReply>& reply) {
        done(read_sts_answer(self.world_, kAction, reply, token.reveal()));
      }));
}

}  // namespace heliograph::sdk
