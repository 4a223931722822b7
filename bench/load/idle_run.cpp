// Memory of idle connections.
#include "load/idle_run.hpp"

#include "load/json_report.hpp"
#include "load/meter.hpp"
#include "load/process_stats.hpp"

namespace heliograph::bench {

Result<Report> IdleRun::run() {
  const auto before = read_process_stats(options_.server_pid);
  if (!before) return before.error();
  const auto meter = Meter::start(options_.server_pid);
  if (!meter) return meter.error();
  if (auto opened = open_all(); !opened) return opened.error();
  serve(options_.seconds, [] { return false; });
  const auto usage = meter->stop();
  if (!usage) return usage.error();

  const double grown = static_cast<double>(usage->server_rss_bytes) - static_cast<double>(before->rss_bytes);
  JsonReport json;
  json.add("rss_per_connection_bytes", grown / static_cast<double>(options_.connections));
  json.add(*usage);
  return Report{json.text(), failure_};
}

void IdleRun::on_message(std::size_t number, std::string_view text) {
  fail("connection " + std::to_string(number) + " was sent a message by nobody: " + std::string(text.substr(0, 200)));
}

}  // namespace heliograph::bench
