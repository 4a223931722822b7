// A table, and a file with one line per revocation: "EXPIRY OPAQUE".
#include "server/relay/revocations.hpp"

#include <algorithm>
#include <fstream>
#include <sstream>

#include "server/data_dir.hpp"

namespace heliograph::server::relay {
namespace {

constexpr std::size_t kFewLines = 1000;

std::int64_t seconds_of(WallTime time) {
  return std::chrono::floor<std::chrono::seconds>(time).time_since_epoch().count();
}

}  // namespace

Result<void> Revocations::load(std::filesystem::path file, WallTime now) {
  const std::lock_guard lock(mutex_);
  file_ = std::move(file);
  auto text = read_file(file_);
  if (!text && text.error().code == Errc::kResourceNotFound) return {};
  if (!text) return text.error();
  std::istringstream lines(*text);
  std::int64_t expiry = 0;
  std::string opaque;
  while (lines >> expiry >> opaque) last_void_[opaque] = std::max(last_void_[opaque], expiry);
  for (const auto& [name, last] : last_void_) by_expiry_.emplace_back(last, name);
  std::sort(by_expiry_.begin(), by_expiry_.end());
  forget_expired(seconds_of(now));
  lines_ = last_void_.size();
  return rewrite();
}

Result<void> Revocations::revoke(const std::string& opaque, WallTime now) {
  const std::lock_guard lock(mutex_);
  const std::int64_t second = seconds_of(now);
  forget_expired(second);
  std::int64_t& last = last_void_[opaque];
  // Once more than was handed out after the last revocation, if that was just now.
  last = std::max(second + kLongestLife, last == 0 ? 0 : last + 1);
  by_expiry_.emplace_back(last, opaque);
  if (file_.empty()) return {};
  ++lines_;
  if (lines_ > kFewLines && lines_ > 2 * last_void_.size()) {
    lines_ = last_void_.size();
    return rewrite();
  }
  std::ofstream out(file_, std::ios::app);
  out << last << ' ' << opaque << '\n' << std::flush;
  if (!out) return Error{Errc::kIo, "cannot write " + file_.string()};
  return {};
}

bool Revocations::is_revoked(const TurnUser& user) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_void_.find(std::string(user.opaque));
  return found != last_void_.end() && user.expiry <= found->second;
}

WallTime Revocations::least_expiry(const std::string& opaque) const {
  const std::lock_guard lock(mutex_);
  const auto found = last_void_.find(opaque);
  return found == last_void_.end() ? WallTime::min() : WallTime(std::chrono::seconds(found->second + 1));
}

void Revocations::forget_expired(std::int64_t now) {
  for (; !by_expiry_.empty() && by_expiry_.front().first < now; by_expiry_.pop_front()) {
    const auto& [expiry, opaque] = by_expiry_.front();
    const auto found = last_void_.find(opaque);
    if (found != last_void_.end() && found->second == expiry) last_void_.erase(found);  // Else it was revoked again.
  }
}

Result<void> Revocations::rewrite() const {
  std::string text;
  for (const auto& [opaque, expiry] : last_void_) text += std::to_string(expiry) + ' ' + opaque + '\n';
  return write_private_file(file_, text);
}

}  // namespace heliograph::server::relay
