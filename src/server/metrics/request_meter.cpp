// The words that requests and refusals are counted by.
#include "server/metrics/request_meter.hpp"

#include <algorithm>
#include <string>

#include "server/answers.hpp"

namespace heliograph::server::metrics {
namespace {

constexpr std::array kAreaNames = {"console", "admin",     "sts",     "file",      "health",
                                   "metrics", "preflight", "unknown", "unreadable"};
/// The last one stands for all others.
constexpr std::array kStatusCodes = {200, 204, 304, 308, 400, 401, 403, 404, 405,
                                     408, 413, 417, 426, 429, 431, 500, 503, 0};
constexpr std::array<std::string_view, 12> kRefusals = {
    "AccessDeniedException",        "InvalidArgumentException",    "ResourceNotFoundException",
    "ClientLimitExceededException", "ServiceUnavailableException", "InternalFailureException",
    "TlsRequiredException",         "ResourceInUseException",      "SessionExpiredException",
    "BadRequestException",          "InvalidClientException",      "other"};

std::string_view name_of(RequestMeter::Kind kind) {
  return kind < RequestMeter::kOperations ? to_string(static_cast<Operation>(kind))
                                          : kAreaNames[kind - RequestMeter::kOperations];
}

}  // namespace

RequestMeter::Kind RequestMeter::kind_of(const net::HttpRequest& request) {
  const std::string_view path = path_of(request.target);
  const bool is_read = request.method == "GET" || request.method == "HEAD";
  if (path.starts_with("/_heliograph/"))
    return kind_of(path.starts_with("/_heliograph/v1/admin/") ? Area::kAdmin : Area::kConsole);
  if (is_read && (path == "/livez" || path == "/readyz")) return kind_of(Area::kHealth);
  if (is_read && path == "/metrics") return kind_of(Area::kMetrics);
  if (is_read) return kind_of(Area::kFile);
  if (request.method == "OPTIONS") return kind_of(Area::kPreflight);
  if (path == "/") return kind_of(Area::kSts);
  const auto operation = find_operation(request.method, path);
  return operation ? static_cast<Kind>(*operation) : kind_of(Area::kUnknown);
}

void RequestMeter::on_answered(Kind kind, int status, std::chrono::nanoseconds took) noexcept {
  static_assert(kStatusCodes.size() == kStatuses && kRefusals.size() == kErrorTypes);
  const auto known = std::find(kStatusCodes.begin(), kStatusCodes.end() - 1, status);
  rows_[kind].by_status[static_cast<std::size_t>(known - kStatusCodes.begin())].fetch_add(1, std::memory_order_relaxed);
  rows_[kind].took.observe(took);
}

void RequestMeter::on_handshake_refused(std::string_view type) noexcept {
  const auto known = std::find(kRefusals.begin(), kRefusals.end() - 1, type);
  refused_[static_cast<std::size_t>(known - kRefusals.begin())].fetch_add(1, std::memory_order_relaxed);
}

void RequestMeter::expose(Exposition& out) const {
  using Type = Exposition::Type;
  out.begin("heliograph_http_requests_total", Type::kCounter, "HTTP requests answered, by operation and status.");
  for (Kind kind = 0; kind < kKinds; ++kind) {
    for (std::size_t i = 0; i < kStatuses; ++i) {
      const std::uint64_t count = rows_[kind].by_status[i].load(std::memory_order_relaxed);
      // A row for every status would be three hundred; 200 is always there, so that a rate has a beginning.
      if (count == 0 && kStatusCodes[i] != 200) continue;
      const std::string status = kStatusCodes[i] == 0 ? "other" : std::to_string(kStatusCodes[i]);
      out.add(count, {{"operation", name_of(kind)}, {"status", status}});
    }
  }
  out.begin("heliograph_http_request_duration_seconds", Type::kHistogram,
            "Time from a whole HTTP request to its answer, by operation.");
  for (Kind kind = 0; kind < kKinds; ++kind) out.add(rows_[kind].took.counts(), {{"operation", name_of(kind)}});
  out.begin("heliograph_handshakes_total", Type::kCounter, "WebSocket handshakes, by what became of them.");
  std::uint64_t refused = 0;
  for (const Count& count : refused_) refused += count.load(std::memory_order_relaxed);
  out.add(accepted_.load(std::memory_order_relaxed), {{"result", "accepted"}});
  out.add(refused, {{"result", "refused"}});
  out.begin("heliograph_handshake_refusals_total", Type::kCounter, "WebSocket handshakes refused, by error type.");
  for (std::size_t i = 0; i < kErrorTypes; ++i)
    out.add(refused_[i].load(std::memory_order_relaxed), {{"error", kRefusals[i]}});
}

}  // namespace heliograph::server::metrics
