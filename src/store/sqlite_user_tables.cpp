// Users and roles, row by row.
#include "store/sqlite_user_tables.hpp"

#include "store/rules.hpp"

namespace heliograph::store {
namespace {

WallTime to_time(std::int64_t ms) { return WallTime(std::chrono::milliseconds(ms)); }
std::int64_t to_ms(WallTime time) { return static_cast<std::int64_t>(time.time_since_epoch().count()); }

}  // namespace

std::vector<NamedPolicy> SqliteUserTables::policies(const std::string& kind, std::string_view owner) {
  SQLite::Statement select(*database_,
                           "SELECT name, document FROM " + kind + "_policies WHERE " + kind + " = ? ORDER BY position");
  StatementUse use(select);
  use.bind(owner);
  std::vector<NamedPolicy> policies;
  while (use.step()) policies.push_back({use.text(0), use.text(1)});
  return policies;
}

void SqliteUserTables::write_policies(const std::string& kind, std::string_view owner,
                                      const std::vector<NamedPolicy>& policies) {
  run("DELETE FROM " + kind + "_policies WHERE " + kind + " = ?", owner);
  const std::string insert =
      "INSERT INTO " + kind + "_policies (" + kind + ", position, name, document) VALUES (?, ?, ?, ?)";
  for (std::size_t i = 0; i < policies.size(); ++i)
    run(insert, owner, static_cast<std::int64_t>(i), policies[i].name, policies[i].document);
}

std::vector<UserKey> SqliteUserTables::keys(std::string_view user) {
  SQLite::Statement select(*database_,
                           "SELECT id, sealed_secret, created_ms FROM user_keys WHERE user = ? ORDER BY position");
  StatementUse use(select);
  use.bind(user);
  std::vector<UserKey> keys;
  while (use.step()) keys.push_back({AccessKeyId(use.text(0)), use.text(1), to_time(use.number(2))});
  return keys;
}

std::vector<User> SqliteUserTables::users(const std::optional<std::string>& name) {
  SQLite::Statement select(*database_,
                           "SELECT name, id, created_ms, tags FROM users WHERE ?1 = '' OR name = ?1"
                           " ORDER BY name");
  StatementUse use(select);
  use.bind(name.value_or(""));
  std::vector<User> users;
  while (use.step())
    users.push_back({.name = use.text(0),
                     .id = use.text(1),
                     .created = to_time(use.number(2)),
                     .tags = parse_tag_text(use.text(3)),
                     .policies = policies("user", use.text(0)),
                     .keys = keys(use.text(0))});
  return users;
}

bool SqliteUserTables::insert(const User& user) {
  return run("INSERT INTO users (name, id, created_ms, tags) VALUES (?, ?, ?, '') ON CONFLICT DO NOTHING", user.name,
             user.id, to_ms(user.created)) == 1;
}

Result<void> SqliteUserTables::write_parts(const User& user) {
  run("UPDATE users SET tags = ? WHERE name = ?", to_tag_text(user.tags), user.name);
  write_policies("user", user.name, user.policies);
  run("DELETE FROM user_keys WHERE user = ?", user.name);
  for (std::size_t i = 0; i < user.keys.size(); ++i) {
    const UserKey& key = user.keys[i];
    const int added =
        run("INSERT INTO user_keys (id, user, position, sealed_secret, created_ms)"
            " VALUES (?, ?, ?, ?, ?) ON CONFLICT DO NOTHING",
            key.id.str(), user.name, static_cast<std::int64_t>(i), key.sealed_secret, to_ms(key.created));
    if (added == 0) return key_taken(key.id.view());
  }
  return {};
}

bool SqliteUserTables::erase_user(std::string_view name) { return run("DELETE FROM users WHERE name = ?", name) == 1; }

std::vector<Role> SqliteUserTables::roles(const std::optional<std::string>& name) {
  SQLite::Statement select(*database_,
                           "SELECT name, id, created_ms, trust, tags, max_session_s FROM roles"
                           " WHERE ?1 = '' OR name = ?1 ORDER BY name");
  StatementUse use(select);
  use.bind(name.value_or(""));
  std::vector<Role> roles;
  while (use.step())
    roles.push_back({.name = use.text(0),
                     .id = use.text(1),
                     .created = to_time(use.number(2)),
                     .trust = use.text(3),
                     .tags = parse_tag_text(use.text(4)),
                     .policies = policies("role", use.text(0)),
                     .max_session = std::chrono::seconds(use.number(5))});
  return roles;
}

bool SqliteUserTables::insert(const Role& role) {
  return run("INSERT INTO roles (name, id, created_ms, trust, tags, max_session_s) VALUES (?, ?, ?, '', '', 0)"
             " ON CONFLICT DO NOTHING",
             role.name, role.id, to_ms(role.created)) == 1;
}

void SqliteUserTables::write_parts(const Role& role) {
  run("UPDATE roles SET trust = ?, tags = ?, max_session_s = ? WHERE name = ?", role.trust, to_tag_text(role.tags),
      static_cast<std::int64_t>(role.max_session.count()), role.name);
  write_policies("role", role.name, role.policies);
}

bool SqliteUserTables::erase_role(std::string_view name) { return run("DELETE FROM roles WHERE name = ?", name) == 1; }

}  // namespace heliograph::store
