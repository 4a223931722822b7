// The parts in the order in which they need each other.
#include "server/identity/identity.hpp"

#include "server/answers.hpp"
#include "store/sqlite_user_store.hpp"

namespace heliograph::server::identity {

Result<std::unique_ptr<Identity>> Identity::open(const Config& config, const std::filesystem::path& data, World world) {
  std::unique_ptr<Identity> identity(new Identity(std::move(world)));
  World& own = identity->world_;
  auto store = store::SqliteUserStore::open(data / "heliograph.db");
  if (!store) return store.error();
  identity->store_ = *std::move(store);
  const auto users = identity->store_->users();
  if (!users) return users.error();
  auto master =
      load_master_key({config.master_key_file, config.master_key}, data / "master.key", own.rng, users->empty());
  if (!master) return master.error();
  identity->directory_.emplace(own.administrators, *identity->store_, *std::move(master), own.rng);
  if (auto loaded = identity->directory_->load(); !loaded) return loaded.error();

  identity->issuers_.emplace(config.oidc_audiences, own.log);
  for (const std::string& issuer : config.oidc_issuers)
    if (auto added = identity->issuers_->add(issuer, own.clock.steady_now()); !added) return added.error();
  if (!config.audit_log.empty()) {
    auto log = AuditLog::open(config.audit_log, own.scope, own.clock, own.log);
    if (!log) return log.error();
    identity->audit_ = *std::move(log);
  }
  return identity;
}

void Identity::serve(Authenticator& authenticator, const Authorizer& authorizer, Signaling& signaling,
                     Executor& executor) {
  const auto end_connections = [&signaling](const std::function<bool(const Principal&)>& chosen) {
    return signaling.disconnect([&](const events::ConnectionFacts& facts) { return chosen(*facts.principal); },
                                "access was taken away");
  };
  users_.emplace(
      UserApi::Parts{authenticator, *directory_, executor, end_connections, world_.clock, world_.log, audit()});
  sts_.emplace(StsService::Parts{authenticator, authorizer, *directory_, *issuers_, executor, world_.scope,
                                 world_.clock, world_.rng, world_.log, audit()});
}

bool Identity::owns(const net::HttpRequest& request) const {
  const std::string_view path = path_of(request.target);
  return UserApi::owns(path) || (path == "/" && request.method == "POST" &&
                                 request.header("Content-Type").starts_with("application/x-www-form-urlencoded"));
}

void Identity::on_request(const net::HttpRequest& request, const std::string& request_id, net::Reply reply) {
  if (UserApi::owns(path_of(request.target))) return users_->on_request(request, request_id, std::move(reply));
  sts_->on_request(request, request_id, [reply = std::move(reply)](net::HttpResponse response) {
    add_cors_headers(response);
    reply(std::move(response));
  });
}

void Identity::stop() {
  if (issuers_) issuers_->stop();
}

void Identity::reopen_files() {
  if (audit_ == nullptr) return;
  if (const auto reopened = audit_->reopen(); !reopened)
    world_.log.write(LogLevel::kError, "audit log goes on in the old file", {{"why", reopened.error().detail}});
}

}  // namespace heliograph::server::identity
