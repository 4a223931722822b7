// The parts of heliographd in the order in which they need each other.
#include "server/app.hpp"

#include <unistd.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/json.hpp>
#include <csignal>
#include <optional>
#include <thread>

#include "server/authenticator.hpp"
#include "server/console_api.hpp"
#include "server/data_dir.hpp"
#include "server/dev_ca.hpp"
#include "server/http_service.hpp"
#include "server/relay_service.hpp"
#include "server/upgrade_gate.hpp"
#include "store/sqlite_store.hpp"
#include "wire/arn.hpp"

namespace heliograph::server {
namespace {

namespace asio = boost::asio;

constexpr std::size_t kExecutorThreads = 2;
constexpr std::size_t kMaxQueuedWork = 4096;

std::string url_of(const net::ListenAddress& listen, std::string_view scheme) {
  const bool is_v6 = listen.address.find(':') != std::string::npos;
  return std::string(scheme) + "://" + (is_v6 ? "[" + listen.address + "]" : listen.address) + ":" +
         std::to_string(listen.port);
}

/// What operations do to open connections: the Hub hears of store changes, and masters are asked.
class HubNews final : public ChannelEvents, public MasterLine {
 public:
  explicit HubNews(Signaling& signaling) : signaling_(signaling) {}
  void on_deleted(const ChannelArn& channel) override { signaling_.on_channel_deleted(channel); }
  void on_ttl_changed(const ChannelArn& channel, std::chrono::seconds ttl) override {
    signaling_.on_ttl_changed(channel, ttl);
  }
  void ask(SteadyTime now, core::Ask ask, std::function<void(Result<std::string>)> reply) override {
    signaling_.ask(now, std::move(ask), std::move(reply));
  }

 private:
  Signaling& signaling_;
};

StaticFiles load_console(const Config& config, LogSink& log) {
  std::error_code error;
  const auto directory = config.web_dir.empty() ? find_web_dir(std::filesystem::read_symlink("/proc/self/exe", error))
                                                : std::filesystem::path(config.web_dir);
  StaticFiles files = StaticFiles::load(directory);
  if (files.empty()) {
    log.write(LogLevel::kWarning, "the web console was not found", {{"todo", "./dev build, or --web DIR"}});
  } else {
    // In the build tree the SDK's bundle lies in its own package; an installation puts it beside the page.
    files.add(directory / "../../sdk/dist/kvs-webrtc.min.js", "/kvs-webrtc.min.js");
  }
  return files;
}

}  // namespace

struct App::Impl {
  Impl(Config wanted, const Clock& the_clock, Rng& the_rng, LogSink& the_log)
      : config(std::move(wanted)), clock(the_clock), rng(the_rng), log(the_log) {
    if (config.threads == 0) config.threads = std::max(1U, std::thread::hardware_concurrency());
  }

  Result<void> start();
  Result<void> open_files();
  void build_service();
  Result<void> write_runtime() const;
  void tick();
  void take_down();

  Config config;
  const Clock& clock;
  Rng& rng;
  LogSink& log;
  asio::io_context control{1};
  asio::signal_set signals{control};
  asio::steady_timer ticker{control};

  std::optional<DataDir> data;
  std::filesystem::path ca_file;  ///< Empty: the certificate is the operator's own.
  std::optional<Principals> principals;
  std::unique_ptr<store::SqliteStore> store;
  RelayService relays{control, clock, log};

  std::optional<Executor> executor;
  std::optional<Signaling> signaling;
  std::optional<HubNews> news;
  std::optional<Throttle> throttle;
  std::optional<ControlPlane> control_plane;
  std::optional<Authenticator> authenticator;
  std::optional<ApiGateway> api;
  std::optional<UpgradeGate> upgrades;
  std::optional<ConsoleAccess> access;
  std::optional<ConsoleApi> console;
  StaticFiles files;
  std::optional<HttpService> service;
  std::unique_ptr<net::Network> network;
};

Result<void> App::Impl::open_files() {
  auto directory = DataDir::open(config.data_dir);
  if (!directory) return directory.error();
  data.emplace(std::move(*directory));

  auto keys = Principals::load_or_create(data->path() / "credentials", rng);
  if (!keys) return keys.error();
  principals.emplace(std::move(*keys));

  store::SqliteOptions options{.file = data->path() / "heliograph.db"};
  options.scope = {std::string(wire::partition_of(config.region)), config.region, config.account};
  auto opened = store::SqliteStore::open(std::move(options), rng);
  if (!opened) return opened.error();
  store = std::move(*opened);

  if (config.tls.certificate_chain_file.empty()) {
    auto made = ensure_dev_certificate(data->path() / "tls", certificate_names(config.listen), clock.wall_now());
    if (!made) return made.error();
    config.tls = *made;
    ca_file = data->path() / "tls" / "ca.pem";
  }
  return relays.prepare(config, config.tls, data->path(), rng);
}

void App::Impl::build_service() {
  executor.emplace(kExecutorThreads, kMaxQueuedWork);
  signaling.emplace(config.limits, config.threads, log);
  news.emplace(*signaling);
  throttle.emplace(config.call_limits);
  control_plane.emplace(
      ControlPlaneParts{*store, *news, relays.directory(), *news, *throttle, log},
      ControlPlaneConfig{.max_channels = config.call_limits.max_channels, .throttle_status = config.throttle_status});
  authenticator.emplace(*principals, config.region, clock, log);
  api.emplace(ApiGateway::Parts{*authenticator, *control_plane, *executor, clock, log});
  upgrades.emplace(UpgradeGate::Parts{*authenticator, *store, *executor, *signaling, *throttle, clock, log});
  access.emplace(rng, config.console_login);
  console.emplace(
      ConsoleApi::Parts{config, *principals, *control_plane, *access, *executor, clock, log, relays.has_relay()});
  files = load_console(config, log);
  service.emplace(HttpService::Parts{*api, *upgrades, *console, *signaling, files, rng, log, config.allow_plaintext});
}

Result<void> App::Impl::start() {
  if (auto opened = open_files(); !opened) return opened;
  build_service();
  net::NetConfig net_config;
  net_config.listen = config.listen;
  net_config.tls = config.tls;
  net_config.threads = config.threads;
  network = std::make_unique<net::Network>(std::move(net_config), config.limits, *service, clock, log);
  signaling->attach({[this](ConnId to, std::string_view text) { network->send(to, text); },
                     [this](ConnId conn, Errc why) { network->close(conn, why); }});
  if (auto started = network->start(); !started) return started;
  if (auto started = relays.start(); !started) return started;
  if (auto written = write_runtime(); !written) return written;
  service->set_ready(true);
  // Last: who waits for this line finds everything there.
  for (const net::ListenAddress& listen : network->bound())
    log.write(LogLevel::kInfo, "listening on " + url_of(listen, "http"), {{"also", url_of(listen, "https")}});
  tick();
  return {};
}

/// For `heliograph env` and other tools of this machine: where the running service is.
Result<void> App::Impl::write_runtime() const {
  net::ListenAddress first = network->bound().front();
  // Certificates name localhost; "every address" is nobody's name.
  if (is_loopback(first.address) || first.address == "0.0.0.0" || first.address == "::") first.address = "localhost";
  boost::json::object facts{{"pid", ::getpid()},
                            {"httpEndpoint", url_of(first, "http")},
                            {"httpsEndpoint", url_of(first, "https")},
                            {"region", config.region},
                            {"account", config.account}};
  if (!ca_file.empty()) facts["caFile"] = ca_file.string();
  return write_private_file(data->path() / "runtime.json", boost::json::serialize(facts) + "\n");
}

void App::Impl::tick() {
  signaling->on_tick(clock.steady_now());
  ticker.expires_after(std::chrono::seconds(1));
  ticker.async_wait([this](boost::system::error_code error) {
    if (!error) tick();
  });
}

void App::Impl::take_down() {
  ticker.cancel();
  if (service) service->set_ready(false);
  // Calls that wait for a master would hold up the end.
  if (signaling) signaling->end_asks();
  if (network) network->stop(config.shutdown_timeout);
  executor.reset();
  relays.stop();
  network.reset();
}

App::App(Config config, const Clock& clock, Rng& rng, LogSink& log)
    : impl_(std::make_unique<Impl>(std::move(config), clock, rng, log)) {}

App::~App() { impl_->take_down(); }

Result<void> App::start() { return impl_->start(); }

void App::run() {
  Impl& impl = *impl_;
  impl.signals.add(SIGINT);
  impl.signals.add(SIGTERM);
  impl.signals.async_wait([&impl](boost::system::error_code error, int number) {
    if (error) return;
    impl.log.write(LogLevel::kInfo, "stopping", {{"signal", std::to_string(number)}});
    impl.control.stop();
  });
  impl.control.run();
  impl.take_down();
  impl.log.write(LogLevel::kInfo, "stopped", {});
}

void App::request_stop() { impl_->control.stop(); }

std::vector<std::string> App::urls() const {
  std::vector<std::string> urls;
  for (const net::ListenAddress& listen : impl_->network->bound()) urls.push_back(url_of(listen, "http"));
  return urls;
}

core::HubStats App::hub_stats() const { return impl_->signaling->stats(); }
net::NetStats App::net_stats() const { return impl_->network->stats(); }

}  // namespace heliograph::server
