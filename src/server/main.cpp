// heliographd: hands the world to an App and lets it run.
#include <cstdio>
#include <cstdlib>

#include "base/clock.hpp"
#include "base/standard_streams.hpp"
#include "server/app.hpp"
#include "server/config.hpp"
#include "server/log_sink.hpp"
#include "server/service_notifier.hpp"
#include "server/system_rng.hpp"

int main(int argc, char** argv) {
  using namespace heliograph;

  prepare_standard_streams();
  auto parsed = server::parse_config(argc, argv);
  if (const auto* exit = std::get_if<server::ExitRequest>(&parsed)) {
    std::fputs(exit->text.c_str(), exit->code == 0 ? stdout : stderr);
    return exit->code;
  }
  auto& config = std::get<server::Config>(parsed);

  const SystemClock clock;
  server::SystemRng rng;
  server::SpdlogSink log(config.log_format, config.log_level);
  const char* manager = std::getenv("NOTIFY_SOCKET");
  const server::ServiceNotifier notifier(manager == nullptr ? "" : manager);
  server::AppHooks hooks{
      .reread = [argc, argv]() { return server::parse_config(argc, argv); },
      .set_log = [&log](server::LogFormat format, const std::string& level) { log.configure(format, level); },
      .lost_log_lines = [&log]() { return log.lost_lines(); },
      .notify = [&notifier](std::string_view assignments) { notifier.tell(assignments); },
      .watchdog = server::watchdog_interval(std::getenv("WATCHDOG_USEC"), std::getenv("WATCHDOG_PID"))};
  server::App app(std::move(config), clock, rng, log, std::move(hooks));
  if (auto started = app.start(); !started) {
    std::fprintf(stderr, "heliographd: %s\n", started.error().detail.c_str());
    return 1;
  }
  app.run();
  return 0;
}
