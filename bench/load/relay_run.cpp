// Relaying at full speed: open, warm up, measure, and wait for what is still under way.
#include "load/relay_run.hpp"

#include "load/json_report.hpp"
#include "load/meter.hpp"

namespace heliograph::bench {
namespace {

constexpr std::size_t kDigits = 8;

/// Base64 that differs from pair to pair and from side to side, so that no message can be taken for another's.
std::string make_payload(std::size_t size, std::size_t number) {
  constexpr std::string_view kAlphabet = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string payload(kDigits, '0');
  auto state = static_cast<std::uint32_t>(number * 2654435761U + 1);
  while (payload.size() < size) {
    state = state * 1664525U + 1013904223U;
    payload += kAlphabet[state >> 26];
  }
  return payload;
}

void write_digits(char* to, std::uint64_t value) {
  for (std::size_t i = kDigits; i-- > 0; value >>= 4) to[i] = "0123456789abcdef"[value & 0xFU];
}

}  // namespace

RelayRun::RelayRun(const Options& options, Dialect& dialect) : Fleet(options, dialect), sides_(options.connections) {
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    const std::string payload = make_payload(options.payload, i);
    sides_[i].text = dialect.text_to_peer(i, payload);
    sides_[i].payload_at = sides_[i].text.find(payload);
  }
}

Result<Report> RelayRun::run() {
  if (auto opened = open_all(); !opened) return opened.error();
  answering_ = options_.rate == 0;
  for (std::size_t first = 0; answering_ && first < options_.active; first += 2) {
    for (std::size_t i = 0; i < options_.in_flight; ++i) send_next(first, std::chrono::steady_clock::now());
    connection(first).flush();
  }
  exchange(options_.warm_up);
  latency_.clear();
  const std::uint64_t before = total_received();
  const auto meter = Meter::start(options_.server_pid);
  if (!meter) return meter.error();
  exchange(options_.seconds);
  const auto usage = meter->stop();
  if (!usage) return usage.error();
  const std::uint64_t messages = total_received() - before;

  answering_ = false;
  serve(10, [this] { return all_arrived(); });
  if (!all_arrived()) fail("messages were lost");

  JsonReport json;
  json.add("messages", messages);
  json.add("messages_per_second", static_cast<double>(messages) / usage->seconds);
  json.add("messages_per_server_cpu_second", static_cast<double>(messages) / usage->server_cpu_seconds);
  json.add("latency_p50_us", static_cast<double>(latency_.percentile(0.5)) / 1e3);
  json.add("latency_p99_us", static_cast<double>(latency_.percentile(0.99)) / 1e3);
  json.add("latency_p999_us", static_cast<double>(latency_.percentile(0.999)) / 1e3);
  json.add(*usage);
  return Report{json.text(), failure_};
}

void RelayRun::exchange(double seconds) {
  if (options_.rate == 0) return serve(seconds, [] { return false; });
  const auto interval = std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(1 / options_.rate));
  next_send_ = std::chrono::steady_clock::now();
  const Time until = next_send_ + std::chrono::duration_cast<Time::duration>(std::chrono::duration<double>(seconds));
  while (failure_.empty() && std::chrono::steady_clock::now() < until) {
    for (const Time now = std::chrono::steady_clock::now(); next_send_ <= now; next_send_ += interval) {
      const std::size_t sender = next_sender_++ % options_.active;
      const Side& side = sides_[sender];
      if (side.sent - sides_[peer_of(sender)].received >= side.sent_at.size()) {
        return fail("the server does not keep up with --rate");
      }
      send_next(sender, next_send_);
      connection(sender).flush();
    }
    turn(0);  // Waiting would be late: the client has a core of its own.
  }
}

void RelayRun::send_next(std::size_t number, Time now) {
  Side& side = sides_[number];
  write_digits(side.text.data() + side.payload_at, side.sent);
  side.sent_at[side.sent % side.sent_at.size()] = now;
  ++side.sent;
  connection(number).send_text(side.text);
}

void RelayRun::on_message(std::size_t number, std::string_view text) {
  const std::string_view payload = payload_of(number, text);
  if (payload.empty()) return;
  Side& side = sides_[number];
  const Side& from = sides_[peer_of(number)];
  char digits[kDigits];
  write_digits(digits, side.received);
  const std::string_view sent = std::string_view(from.text).substr(from.payload_at, options_.payload);
  if (!payload.starts_with(std::string_view(digits, kDigits)) || payload.substr(kDigits) != sent.substr(kDigits)) {
    return fail("connection " + std::to_string(number) + " got another payload than was sent, or out of order");
  }
  const Time now = std::chrono::steady_clock::now();
  const auto latency = now - from.sent_at[side.received % from.sent_at.size()];
  latency_.add(static_cast<std::uint64_t>(std::chrono::nanoseconds(latency).count()));
  ++side.received;
  if (answering_) send_next(number, now);
}

std::string_view RelayRun::payload_of(std::size_t number, std::string_view text) {
  Side& side = sides_[number];
  const std::size_t end = side.seen_at + options_.payload;
  // A text that equals, outside the payload, one that was parsed means the same: the client stays cheaper than servers.
  if (text.size() == side.seen.size() && text.starts_with(std::string_view(side.seen).substr(0, side.seen_at)) &&
      text.substr(end) == std::string_view(side.seen).substr(end)) {
    return text.substr(side.seen_at, options_.payload);
  }
  const auto delivery = dialect_.parse(text);
  if (!delivery) return fail(delivery.error().detail), std::string_view();
  if (delivery->sender != dialect_.name_of(peer_of(number)) || delivery->payload.size() != options_.payload) {
    return fail("wrong sender or size: " + std::string(text.substr(0, 200))), std::string_view();
  }
  const std::size_t at = text.find(delivery->payload);
  if (at != std::string_view::npos) {
    side.seen = text;
    side.seen_at = at;
  }
  return delivery->payload;
}

std::uint64_t RelayRun::total_received() const {
  std::uint64_t total = 0;
  for (const Side& side : sides_) total += side.received;
  return total;
}

bool RelayRun::all_arrived() const {
  for (std::size_t i = 0; i < sides_.size(); ++i) {
    if (sides_[i].sent != sides_[peer_of(i)].received) return false;
  }
  return true;
}

}  // namespace heliograph::bench
