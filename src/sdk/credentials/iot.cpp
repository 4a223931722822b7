// One GET with a certificate.
#include "sdk/credentials/iot.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "sdk/credentials/quote.hpp"
#include "wire/credential_answers.hpp"
#include "wire/uri.hpp"

namespace heliograph::sdk {
namespace {

Error named(Errc code, const std::string& detail) { return {code, "AWS IoT: " + detail}; }

/// ThingName: 1–128 of `[a-zA-Z0-9:_-]` (CreateThing).
bool is_thing_name(std::string_view text) {
  return !text.empty() && text.size() <= 128 && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == ':' || c == '_' ||
           c == '-';
  });
}

}  // namespace

void IotSource::fetch(CredentialHandler done) {
  auto options = settled();
  if (!options) return done(options.error());
  const bool has_scheme = options->endpoint.find("://") != std::string::npos;
  auto url = net::parse_http_url(has_scheme ? options->endpoint : "https://" + options->endpoint);
  if (!url) return done(named(Errc::kInvalidArgument, "the endpoint: " + url.error().detail));
  if (!url->tls) return done(named(Errc::kTlsRequired, "the endpoint is asked over https only"));
  if (!is_thing_name(options->thing_name))
    return done(named(Errc::kInvalidArgument, "the thing's name is not 1 to 128 letters, digits and :_-"));
  net::HttpCall call;
  call.url = std::move(*url);
  call.url.target = "/role-aliases/" + wire::percent_encode(options->role_alias) + "/credentials";
  call.method = "GET";
  call.headers = {{"Accept", "application/json"}, {"x-amzn-iot-thingname", options->thing_name}};
  // The two times are those of the AWS C SDK.
  call.timeout = std::chrono::seconds(5);
  call.connect_timeout = std::chrono::seconds(3);
  call.certificate_file = options->certificate_file;
  call.key_file = options->private_key_file;
  call.ca_file = options->ca_file;
  call_ = RepeatedCall::start(
      world_, std::move(call), {},
      while_alive(this, [done](IotSource& self, const Result<net::HttpReply>& reply) { done(self.read(reply)); }));
}

Result<IotCredentialsOptions> IotSource::settled() const {
  IotCredentialsOptions options = options_;
  struct Setting {
    std::string& value;
    const char* variable;
  };
  const std::array<Setting, 5> settings{{{options.endpoint, "AWS_IOT_CORE_CREDENTIAL_ENDPOINT"},
                                         {options.role_alias, "AWS_IOT_CORE_ROLE_ALIAS"},
                                         {options.thing_name, "AWS_IOT_CORE_THING_NAME"},
                                         {options.certificate_file, "AWS_IOT_CORE_CERT"},
                                         {options.private_key_file, "AWS_IOT_CORE_PRIVATE_KEY"}}};
  std::string missing;
  std::size_t count = 0;
  for (const Setting& setting : settings) {
    if (setting.value.empty()) setting.value = world_.variable(setting.variable);
    if (!setting.value.empty()) continue;
    ++count;
    missing += (missing.empty() ? "" : ", ") + std::string(setting.variable);
  }
  if (options.ca_file.empty()) options.ca_file = world_.variable("AWS_KVS_CACERT_PATH");
  if (count == settings.size()) return not_set_up("AWS IoT: " + missing + " are not set");
  if (count > 0) return named(Errc::kInvalidArgument, "it is set up in part; missing: " + missing);
  return options;
}

Result<Credentials> IotSource::read(const Result<net::HttpReply>& reply) const {
  if (!reply) return named(reply.error().code, reply.error().detail);
  if (reply->status != 200) {
    const auto refusal = wire::parse_json_refusal(reply->body);
    const std::string said = quote_refusal(refusal.code, refusal.message);
    return named(errc_of(reply->status), "the credential provider answered " + std::to_string(reply->status) +
                                             (said.empty() ? std::string{} : ": " + said) +
                                             (reply->status == 403 ? "; see the role alias, its role, the policy of "
                                                                     "the certificate and the thing's name"
                                                                   : ""));
  }
  auto credentials = wire::parse_iot_credentials(reply->body);
  if (!credentials) return named(Errc::kCorrupt, "the answer: " + credentials.error().detail);
  credentials = by_our_clock(std::move(credentials), *reply, *world_.clock);
  if (options_.longest_use.count() > 0)
    credentials->expires = std::min(*credentials->expires, world_.clock->wall_now() + options_.longest_use);
  return credentials;
}

}  // namespace heliograph::sdk
