// Whether the service is there, who it says it is, and what time it is there.
#include <algorithm>
#include <cstdlib>

#include "cli/doctor/advice.hpp"
#include "cli/doctor/checks.hpp"
#include "cli/doctor/sdk_checks.hpp"
#include "cli/failure.hpp"
#include "wire/date.hpp"

namespace heliograph::cli {
namespace {

using std::chrono::seconds;

/// Of SigV4: what the service takes.
constexpr seconds kMostSkew{300};
constexpr seconds kSomeSkew{30};

void check_clock(Report& report, const HttpAnswer& answer) {
  const auto theirs = wire::parse_http_date(answer.header("Date"));
  if (!theirs) return report.note("clock", "the service sends no Date");
  const auto ahead = std::chrono::floor<seconds>(SystemClock().wall_now()) - std::chrono::floor<seconds>(*theirs);
  const auto size = seconds(std::abs(ahead.count()));
  std::string text = "this machine's clock ";
  text += size < seconds(2) ? "agrees with the service's"
                            : "is " + std::to_string(size.count()) + " s " +
                                  (ahead > seconds(0) ? "ahead of" : "behind") + " the service's";
  if (size > kMostSkew)
    report.fail("clock", text, "signatures of more than 300 s of skew are refused: run NTP (timedatectl set-ntp true)");
  else if (size > kSomeSkew)
    report.note("clock", text);
  else
    report.ok("clock", text);
}

Result<HttpAnswer> ask_ready(const std::string& url, const Trust& trust, std::string& security) {
  const auto endpoint = parse_endpoint(url);
  if (!endpoint) return endpoint.error();
  auto stream = Stream::connect(*endpoint, trust);
  if (!stream) return stream.error();
  security = stream->security();
  return exchange(*stream, {.target = "/readyz", .host = endpoint->authority, .headers = {{"Connection", "close"}}});
}

bool tell(Report& report, const char* what, const std::string& url, const Result<HttpAnswer>& answer,
          const std::string& security) {
  if (!answer) {
    report.fail(what, url + ": " + answer.error().detail, reach_advice(answer.error()));
    return false;
  }
  std::string body = answer->body;
  std::replace(body.begin(), body.end(), '\n', ' ');
  const std::string text = url + "/readyz says " + std::to_string(answer->status) + ' ' + body +
                           (security.empty() ? "" : "(" + security + ")");
  if (answer->status == 308 && std::string_view(what) == "http")
    report.ok(what, url + " redirects to https, as it is off loopback");
  else if (answer->status != 200)
    report.fail(what, text, "it is starting or going down; its log says which");
  else
    report.ok(what, text);
  return true;
}

}  // namespace

bool check_reach(Report& report, const Service& service) {
  bool is_there = false;
  std::string security;
  std::optional<HttpAnswer> last;
  if (!service.http.empty()) {
    auto answer = ask_ready(service.http, service.trust, security);
    is_there = tell(report, "http", service.http, answer, {});
    if (answer) last = *std::move(answer);
  }
  if (!service.https.empty()) {
    auto answer = ask_ready(service.https, service.trust, security);
    const bool is_reached = tell(report, "https", service.https, answer, security);
    if (answer) last = *std::move(answer);
    is_there = is_there || is_reached;
    if (is_reached && !service.trust.ca_file.empty()) {
      const auto by_system = ask_ready(service.https, Trust{}, security);
      if (by_system)
        report.ok("trust", "the system trusts its certificate too");
      else
        report.note("trust", "clients that trust what the system does fail (" + by_system.error().detail + ")" +
                                 (by_system.error().code == Errc::kAccessDenied ? ": heliograph doctor trust" : ""));
    }
  }
  if (last) check_clock(report, *last);
  return is_there;
}

int examine(const ServiceOptions& options, const std::string& channel, std::FILE* out) {
  Report report(out);
  const auto service = open_service(options);
  if (!service) {
    report.fail("service", service.error().detail);
    return exit_code_of(service.error());
  }
  // What cannot be reached is told by who tries to reach it.
  const bool is_ours = service->daemon && is_heliographd(*service->daemon).value_or(true);
  if (is_ours && !check_reach(report, *service->daemon)) return 1;
  const CallsVerdict calls = check_calls(report, *service, channel, is_ours);
  if (calls == CallsVerdict::kNone) return 1;
  // Without a key no channel can be made to send it in.
  check_sdp(report, *service, channel.empty() && calls == CallsVerdict::kMade);
  std::fprintf(out, "%s\n", to_verdict(report.failures()).c_str());
  return report.failures() == 0 ? 0 : 1;
}

}  // namespace heliograph::cli
