// The set and its file.
#include "server/events/revoked_keys.hpp"

#include <boost/json.hpp>
#include <utility>

#include "server/data_dir.hpp"
#include "server/events/event.hpp"

namespace heliograph::server::events {
namespace {

namespace json = boost::json;

constexpr std::size_t kMaxKey = 128;

bool is_key(std::string_view text) {
  return !text.empty() && text.size() <= kMaxKey &&
         text.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-") ==
             std::string_view::npos;
}

template <class Keys>
std::string serialize(const Keys& keys) {
  json::array list;
  for (const auto& [key, entry] : keys)
    list.push_back(json::object{{"accessKeyId", key}, {"time", entry.time}, {"reason", entry.reason}});
  return json::serialize(json::object{{"keys", std::move(list)}});
}

std::string member(const json::object& object, std::string_view name) {
  const json::value* value = object.if_contains(name);
  return value != nullptr && value->is_string() ? std::string(value->get_string()) : std::string{};
}

}  // namespace

Result<void> RevokedKeys::open(std::filesystem::path file) {
  file_ = std::move(file);
  const auto text = read_file(file_);
  if (!text && text.error().code == Errc::kResourceNotFound) return {};
  if (!text) return text.error();
  json::error_code error;
  const json::value root = json::parse(*text, error);
  const json::value* list = error || !root.is_object() ? nullptr : root.get_object().if_contains("keys");
  if (list == nullptr || !list->is_array())
    return Error{Errc::kCorrupt,
                 file_.string() + " is damaged: restore it from a backup, or delete it to revoke nothing"};
  for (const json::value& one : list->get_array()) {
    const json::object* entry = one.if_object();
    if (entry == nullptr || !is_key(member(*entry, "accessKeyId")))
      return Error{Errc::kCorrupt, file_.string() + " has an entry without an accessKeyId"};
    keys_[member(*entry, "accessKeyId")] = {member(*entry, "time"), member(*entry, "reason")};
  }
  return {};
}

Result<void> RevokedKeys::revoke(const std::string& key, const std::string& reason, WallTime now) {
  if (!is_key(key)) return Error{Errc::kInvalidArgument, "accessKeyId is not the id of an access key"};
  if (key == principals_.administrator()->id.view())
    return Error{Errc::kInvalidArgument,
                 "this is the administrator's key, with which the service itself acts: replace it in DATA/credentials"};
  const std::lock_guard changing(changing_);
  Keys next = keys_;
  next[key] = {to_iso_time(now), reason};
  return change_to(std::move(next));
}

Result<void> RevokedKeys::restore(const std::string& key) {
  const std::lock_guard changing(changing_);
  Keys next = keys_;
  if (next.erase(key) == 0) return Error{Errc::kResourceNotFound, "this key is not revoked"};
  return change_to(std::move(next));
}

Result<void> RevokedKeys::change_to(Keys next) {
  if (auto written = write_private_file(file_, serialize(next) + "\n"); !written) return written;
  const std::unique_lock lock(mutex_);
  keys_ = std::move(next);
  return {};
}

bool RevokedKeys::is_revoked(std::string_view key) const {
  const std::shared_lock lock(mutex_);
  return keys_.find(key) != keys_.end();
}

std::string RevokedKeys::to_json() const {
  const std::shared_lock lock(mutex_);
  return serialize(keys_);
}

std::size_t RevokedKeys::size() const {
  const std::shared_lock lock(mutex_);
  return keys_.size();
}

}  // namespace heliograph::server::events
