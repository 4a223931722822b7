// RefreshingCredentials: the memory in front of a source. When to give what is there, when to fetch, whom to let wait.
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sdk/credentials/source.hpp"
#include "sdk/world.hpp"

namespace heliograph::sdk {

/// When credentials are fetched anew. Of credentials that live for less than 20 minutes, the last quarter and the last
/// tenth take the place of `ahead` and `urgent`: otherwise short-lived ones would be fetched at every get().
struct RefreshRule {
  std::chrono::seconds ahead{300};  ///< So long before the end: fetched behind the back of those who get the old.
  std::chrono::seconds urgent{60};  ///< So long before the end: everybody waits for the new.
  /// After a failure with the old still good, doubled each time up to `longest_pause`; up to a quarter more by chance.
  std::chrono::seconds pause{5};
  std::chrono::seconds longest_pause{60};
  /// Expired credentials stay in use while there are no others, and are looked at again after 10 minutes and 2 to 10
  /// more by chance: an instance should not stop because its metadata service does. (botocore, "static stability")
  bool keep_expired = false;
};

/// Rules:
///  1. Permanent credentials are fetched once.
///  2. One fetch at a time; whoever waits, waits for it.
///  3. A failure is told to those who wait, unless what is held is still good: then they get that, with a pause before
///     the next fetch. Without anything good, the next get() fetches at once.
///  4. Fetched credentials that have ended already are a failure, unless keep_expired.
/// Threads: the loop's.
class RefreshingCredentials : public std::enable_shared_from_this<RefreshingCredentials> {
 public:
  using MakeSource = std::function<std::shared_ptr<CredentialSource>(const World&)>;

  /// Has a World of its own, which the source made with it may use for as long as it lives.
  RefreshingCredentials(World world, const MakeSource& make, RefreshRule rule)
      : world_(std::move(world)), source_(make(world_)), rule_(rule) {}

  /// `done` is called once, here or later; what it throws is logged.
  void get(CredentialHandler done);
  /// What is held no longer counts. A fetch that is under way does.
  void forget();
  /// Whoever waits gets kClosed, and everybody from now on. The source is let go.
  void close();

 private:
  void fetch();
  void on_fetched(Result<Credentials> fetched);
  void accept(Credentials fresh);
  void pause_after(const Error& error);
  void answer_all(const Result<Credentials>& result);
  void answer(const CredentialHandler& handler, const Result<Credentials>& result) const;
  /// How long what is held is good for; the longest time when it has no end.
  [[nodiscard]] std::chrono::milliseconds left() const;
  [[nodiscard]] bool is_usable() const { return held_ && (rule_.keep_expired || left().count() > 0); }
  [[nodiscard]] bool is_pausing() const { return world_.clock->steady_now() < next_fetch_; }
  void keep_past_the_end(const std::string& why);

  const World world_;
  std::shared_ptr<CredentialSource> source_;
  RefreshRule rule_;
  std::optional<Credentials> held_;
  std::chrono::milliseconds ahead_{0};
  std::chrono::milliseconds urgent_{0};
  std::vector<CredentialHandler> waiting_;
  bool fetching_ = false;
  bool closed_ = false;
  int failures_ = 0;  ///< In a row.
  SteadyTime next_fetch_ = SteadyTime::min();
};

}  // namespace heliograph::sdk
