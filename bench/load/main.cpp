// load_client: one run against one server, reported as one line of JSON. bench/run.py drives it.
#include <cstdio>

#include "load/connect_run.hpp"
#include "load/idle_run.hpp"
#include "load/relay_run.hpp"
#include "wire/json_text.hpp"

namespace heliograph::bench {

std::unique_ptr<Fleet> make_run(const Options& options, Dialect& dialect) {
  switch (options.mode) {
    case Mode::kRelay:
      return std::make_unique<RelayRun>(options, dialect);
    case Mode::kIdle:
      return std::make_unique<IdleRun>(options, dialect);
    case Mode::kConnect:
      return std::make_unique<ConnectRun>(options, dialect);
  }
  return nullptr;
}

}  // namespace heliograph::bench

int main(int argc, char** argv) {
  using namespace heliograph;

  const auto options = bench::parse_options(argc, argv);
  if (!options) {
    std::fprintf(stderr, "load_client: %s\n%s", options.error().detail.c_str(), bench::kUsage);
    return 2;
  }
  const auto dialect = bench::make_dialect(*options);
  if (!dialect) {
    std::fprintf(stderr, "load_client: %s\n", dialect.error().detail.c_str());
    return 2;
  }
  const auto run = bench::make_run(*options, **dialect);
  const auto report = run->run();
  if (!report) {
    std::fprintf(stderr, "load_client: %s\n", report.error().detail.c_str());
    return 2;
  }
  std::string wrong;
  wire::append_json_text(wrong, report->wrong);
  std::printf("{%s,\"wrong\":\"%s\"}\n", report->json.c_str(), wrong.c_str());
  return report->wrong.empty() ? 0 : 1;
}
