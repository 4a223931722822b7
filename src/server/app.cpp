// The parts of heliographd in the order in which they need each other.
#include "server/app.hpp"

#include <boost/asio/post.hpp>
#include <optional>
#include <thread>

#include "server/admin_api.hpp"
#include "server/authenticator.hpp"
#include "server/authorizer.hpp"
#include "server/certificates.hpp"
#include "server/console_api.hpp"
#include "server/control_loop.hpp"
#include "server/data_dir.hpp"
#include "server/dev_ca.hpp"
#include "server/drain.hpp"
#include "server/edge/edge.hpp"
#include "server/events/event_service.hpp"
#include "server/http_service.hpp"
#include "server/hub_news.hpp"
#include "server/identity/identity.hpp"
#include "server/live_config.hpp"
#include "server/metrics/metrics_page.hpp"
#include "server/metrics/metrics_service.hpp"
#include "server/principals.hpp"
#include "server/relay_service.hpp"
#include "server/reloader.hpp"
#include "server/runtime_file.hpp"
#include "server/system_rng.hpp"
#include "server/upgrade_gate.hpp"
#include "server/watchdog.hpp"
#include "store/sqlite_store.hpp"
#include "wire/arn.hpp"

namespace heliograph::server {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kExecutorThreads = 2;
constexpr std::size_t kMaxQueuedWork = 4096;
constexpr std::size_t kMaxScrapers = 64;

Config with_threads(Config config) {
  if (config.threads == 0) config.threads = std::max(1U, std::thread::hardware_concurrency());
  return config;
}

}  // namespace

struct App::Impl {
  Impl(Config wanted, const Clock& the_clock, Rng& the_rng, LogSink& the_log, AppHooks the_hooks,
       std::vector<Principal> the_others)
      : live(with_threads(std::move(wanted))),
        config(live.get()),
        clock(the_clock),
        rng(the_rng),
        log(the_log),
        hooks(std::move(the_hooks)),
        others(std::move(the_others)) {}

  Result<void> start();
  Result<void> open_files();
  void build_service();
  [[nodiscard]] Result<void> start_metrics();
  void build_operations();
  void reload(std::string_view by, const std::function<void(const Result<ReloadReport>&)>& on_done);
  void take_down();

  LiveConfig live;
  const Config& config;  ///< The one it was started with.
  const Clock& clock;
  Rng& rng;
  IdRng ids;
  LogSink& log;
  AppHooks hooks;
  std::vector<Principal> others;
  /// The first signal begins to drain, the second ends at once.
  ControlLoop control{{.on_second =
                           [this]() {
                             signaling->on_tick(clock.steady_now());
                             reloader->on_tick();
                           },
                       .on_stop = [this](std::string_view why) { drain->begin(live.get().drain, why); },
                       .on_hangup = [this]() { reload("SIGHUP", [](const auto&) {}); }}};

  std::optional<DataDir> data;
  std::optional<Certificates> certificates;
  std::optional<Principals> principals;
  std::unique_ptr<store::SqliteStore> store;
  std::unique_ptr<identity::Identity> identity;
  RelayService relays{control.context(), clock, log};

  std::optional<metrics::MeteredStore> metered;
  metrics::RequestMeter requests;
  std::optional<Executor> executor;
  std::optional<Signaling> signaling;
  std::optional<events::EventService> events;
  std::optional<HubNews> news;
  std::optional<Edge> edge;
  std::optional<Throttle> throttle;
  std::optional<ControlPlane> control_plane;
  std::optional<Authenticator> authenticator;
  std::optional<Authorizer> authorizer;
  std::optional<ApiGateway> api;
  std::optional<UpgradeGate> upgrades;
  std::optional<ConsoleAccess> access;
  std::optional<ConsoleApi> console;
  std::optional<AdminApi> admin;
  StaticFiles files;
  std::optional<HttpService> service;
  std::unique_ptr<net::Network> network;
  std::optional<metrics::MetricsPage> page;
  std::optional<metrics::MetricsService> metrics_service;
  std::unique_ptr<net::Network> metrics_network;  ///< Of --metrics-listen.
  std::optional<Reloader> reloader;
  std::optional<Drain> drain;
  std::optional<Watchdog> watchdog;
};

Result<void> App::Impl::open_files() {
  auto directory = DataDir::open(config.data_dir);
  if (!directory) return directory.error();
  data.emplace(std::move(*directory));

  auto keys = Principals::load_or_create(data->path() / "credentials", rng);
  if (!keys) return keys.error();
  principals.emplace(std::move(*keys));
  principals->add(std::move(others));

  store::SqliteOptions options{.file = data->path() / "heliograph.db"};
  options.scope = {std::string(wire::partition_of(config.region)), config.region, config.account};
  auto opened = store::SqliteStore::open(std::move(options), rng);
  if (!opened) return opened.error();
  store = std::move(*opened);

  auto people = identity::Identity::open(config, data->path(), {*principals, store->scope(), clock, rng, log});
  if (!people) return people.error();
  identity = *std::move(people);

  certificates.emplace(data->path() / "tls", certificate_names(config.listen), clock);
  auto certificate = certificates->locate(config.tls);
  if (!certificate) return certificate.error();
  certificates->serve(*std::move(certificate));
  events.emplace(config.events, clock, rng, log);
  if (auto ready = events->open(data->path(), identity->principals()); !ready) return ready;
  return relays.prepare(config, certificates->served().files, data->path(), rng);
}

void App::Impl::build_service() {
  metered.emplace(*store);
  executor.emplace(kExecutorThreads, kMaxQueuedWork);
  signaling.emplace(config.limits, config.threads, log);
  news.emplace(*signaling);
  edge.emplace(Edge::Parts{live, *principals, *metered, *executor, relays, *news, clock});
  events->wire(*signaling, *metered, *executor);
  authorizer.emplace(*metered, log);
  authorizer->keep_refusals_in(edge->refusals());
  throttle.emplace(config.call_limits);
  control_plane.emplace(ControlPlaneParts{*metered, *edge, relays.directory(), *news, *throttle, log, *authorizer,
                                          identity->audit(), events->advisor()},
                        ControlPlaneConfig{.max_channels = config.call_limits.max_channels,
                                           .throttle_status = config.throttle_status,
                                           .full_mesh = config.call_limits.full_mesh != 0});
  authenticator.emplace(events->principals(), config.region, clock, log);
  authenticator->keep_refusals_in(edge->refusals());
  api.emplace(ApiGateway::Parts{*authenticator, *control_plane, *executor, clock, log, identity->audit()});
  upgrades.emplace(UpgradeGate::Parts{*authenticator, *authorizer, *metered, *executor, *signaling, *throttle, clock,
                                      log, identity->audit(), &events->guard()});
  access.emplace(rng, config.console_login);
  console.emplace(ConsoleApi::Parts{live, events->principals(), *control_plane, *access, *executor, clock, log,
                                    relays.has_relay(), identity->audit()});
  identity->serve(*authenticator, *authorizer, *signaling, *executor);
  admin.emplace(AdminApi::Parts{*authenticator, *principals, *access, clock,
                                [this](auto on_done) {
                                  asio::post(control.context(),
                                             [this, on_done = std::move(on_done)]() { reload("request", on_done); });
                                },
                                identity->audit()});
  admin->add(edge->routes());
  admin->add(events->routes());
  files = load_console(config.web_dir, log);
  service.emplace(HttpService::Parts{*api, *upgrades, *console, *admin, *identity, *signaling, files, requests,
                                     *executor, [this]() { return page->text(); }, ids, log, config.allow_plaintext});
}

Result<void> App::Impl::start() {
  if (auto opened = open_files(); !opened) return opened;
  build_service();
  net::NetConfig net_config;
  net_config.listen = config.listen;
  net_config.tls = certificates->served().files;
  net_config.threads = config.threads;
  network = std::make_unique<net::Network>(std::move(net_config), config.limits, *service, clock, log);
  signaling->attach({[this](ConnId to, std::string_view text) { network->send(to, text); },
                     [this](ConnId conn, Errc why, std::string_view reason) { network->close(conn, why, reason); }});
  page.emplace(metrics::MetricsPage::Parts{*network, *signaling, *authenticator, *executor, requests, *metered, relays,
                                           clock, [this]() { return service->is_ready(); }, hooks.lost_log_lines,
                                           [this]() { return identity->lost_audit_lines(); },
                                           [this](metrics::Exposition& out) { events->expose(out); }});
  if (auto started = events->start(); !started) return started;
  if (auto started = network->start(); !started) return started;
  edge->refusals().set_own_hosts(own_hosts(network->bound()));
  if (auto started = start_metrics(); !started) return started;
  if (auto started = relays.start(); !started) return started;
  build_operations();
  const auto runtime = data->path() / "runtime.json";
  if (auto written = write_runtime_file(runtime, network->bound().front(), config, certificates->served().ca_file);
      !written)
    return written;
  service->set_ready();
  control.start();
  // Last: who waits for this line finds everything there.
  for (const net::ListenAddress& listen : network->bound())
    log.write(LogLevel::kInfo, "listening on " + url_of(listen, "http"), {{"also", url_of(listen, "https")}});
  if (hooks.notify) hooks.notify("READY=1\nSTATUS=Serving " + url_of(network->bound().front(), "https"));
  if (hooks.watchdog && hooks.notify)
    watchdog.emplace(Watchdog::Parts{control.context(), [this]() { return network->check_alive(); }, hooks.notify, log},
                     *hooks.watchdog);
  return {};
}

Result<void> App::Impl::start_metrics() {
  if (!config.metrics_listen) return {};
  metrics_service.emplace(*page, [this](std::string_view path) { return service->health(path); });
  net::NetConfig own;
  own.listen = {*config.metrics_listen};
  own.threads = 1;
  own.max_connections = kMaxScrapers;
  metrics_network = std::make_unique<net::Network>(std::move(own), config.limits, *metrics_service, clock, log);
  if (auto started = metrics_network->start(); !started) return started;
  log.write(LogLevel::kInfo, "metrics on " + url_of(metrics_network->bound().front(), "http") + "/metrics", {});
  return {};
}

/// What changes a service that runs.
void App::Impl::build_operations() {
  reloader.emplace(Reloader::Parts{live, hooks, *certificates, *network, *signaling, *control_plane, *throttle, relays,
                                   data->path() / "runtime.json", clock, log});
  drain.emplace(
      Drain::Parts{control.context(), *service, *network, log, [this]() { signaling->end_asks(); }, hooks.notify},
      [this]() { control.stop(); });
}

void App::Impl::reload(std::string_view by, const std::function<void(const Result<ReloadReport>&)>& on_done) {
  identity->reopen_files();
  on_done(reloader->reload(by));
}

void App::Impl::take_down() {
  control.end_ticks();
  watchdog.reset();
  if (service) service->begin_leaving();
  if (signaling) signaling->end_asks();
  if (network) network->stop(live.get().drain.patience);
  if (metrics_network) metrics_network->stop(std::chrono::milliseconds(0));  // Last, so that it can be watched leaving.
  executor.reset();  // What was taken is done: every change that was acknowledged is in the store.
  if (events) events->stop();
  if (identity) identity->stop();
  relays.stop();
  metrics_network.reset();
  network.reset();
  std::error_code ignored;
  // It tells where a running service is.
  if (data) std::filesystem::remove(data->path() / "runtime.json", ignored);
}

App::App(Config config, const Clock& clock, Rng& rng, LogSink& log, AppHooks hooks, std::vector<Principal> others)
    : impl_(std::make_unique<Impl>(std::move(config), clock, rng, log, std::move(hooks), std::move(others))) {}

App::~App() { impl_->take_down(); }

Result<void> App::start() { return impl_->start(); }

void App::run() {
  Impl& impl = *impl_;
  impl.control.run();
  impl.take_down();
  const auto undelivered = impl.signaling->stats().retained_messages;
  impl.log.write(LogLevel::kInfo, "stopped", {{"undelivered_messages", std::to_string(undelivered)}});
}

void App::request_stop() {
  asio::post(impl_->control.context(),
             [impl = impl_.get()]() { impl->drain->begin(impl->live.get().drain, "request"); });
}

std::vector<std::string> App::urls() const {
  std::vector<std::string> urls;
  for (const net::ListenAddress& listen : impl_->network->bound()) urls.push_back(url_of(listen, "http"));
  return urls;
}

core::HubStats App::hub_stats() const { return impl_->signaling->stats(); }
net::NetStats App::net_stats() const { return impl_->network->stats(); }

}  // namespace heliograph::server
