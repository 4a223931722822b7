// SendQueue: messages from when they are sent until the service has read them.
//
// Rules
//  1. Messages are written in the order in which they were sent. What was written to a connection that ended before the
//     service confirmed it is written again to the next one.
//  2. A newer offer or answer takes the place of an older one to the same recipient: one that is not written is given
//     up at once, one that is written waits for its confirmation but is not written again. (As the service treats what
//     nobody has read yet.) Candidates stay.
//  3. What could not be confirmed until its deadline is given up.
//  4. What was confirmed is kept for kDoubt more. If the connection breaks by then, without a word of the service, it
//     is written again: a service that is killed may have read it and not have passed it on, since whom it is for is
//     served by another thread. Its handler has been called already, and whoever gets it twice has the same message
//     twice. A service that is back before the recipient may have no room for it: then it is tried again later, since
//     nobody could be told that it was refused.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "wire/message.hpp"

namespace heliograph::sdk {

using SentHandler = std::function<void(Result<void>)>;

struct QueuedMessage {
  wire::MessageType type{};
  std::string content{};  ///< JSON.
  std::string recipient{};
  SteadyTime deadline{};
  SentHandler sent{};
};

/// Threads: one.
class SendQueue {
 public:
  /// Handlers of messages that left the queue, with what to tell them. The caller does.
  using Finished = std::vector<std::pair<SentHandler, Result<void>>>;
  static constexpr std::chrono::seconds kDoubt{5};
  static constexpr std::chrono::milliseconds kRetry{500};
  /// How a connection ended: in good order, so that all that was confirmed has been passed on, or not.
  enum class End : std::uint8_t { kOrderly, kBroken };

  void push(QueuedMessage message, Finished& finished);
  /// The next message to write; null when all are written. It counts as written from now on.
  struct ToWrite {
    const QueuedMessage* message = nullptr;
    std::uint64_t serial = 0;  ///< Never repeats.
  };
  [[nodiscard]] ToWrite take_next();
  /// Serial of the last message written that is not confirmed; nothing when there is none.
  [[nodiscard]] std::optional<std::uint64_t> last_written() const;
  /// The service has read every message up to this serial.
  void on_confirmed(SteadyTime now, std::uint64_t serial, Finished& finished);
  /// The service, or our own rules, refused one.
  void refuse(SteadyTime now, std::uint64_t serial, const Error& why, Finished& finished);
  /// The connection is over.
  void on_lost(SteadyTime now, End how, Finished& finished);
  void expire(SteadyTime now, Finished& finished);
  /// What is to be tried again by now can be taken again.
  void wake(SteadyTime now);
  void end_all(const Error& why, Finished& finished);
  [[nodiscard]] std::optional<SteadyTime> next_deadline() const;
  [[nodiscard]] std::size_t size() const noexcept { return entries_.size(); }

 private:
  struct Entry {
    std::uint64_t serial = 0;
    bool is_written = false;
    bool is_superseded = false;
    bool is_in_doubt = false;  ///< Confirmed before, and written again.
    QueuedMessage message;
  };

  struct Timed {
    SteadyTime at{};
    Entry entry;
  };
  static constexpr std::size_t kMostConfirmed = 1024;

  void forget_confirmed(SteadyTime now);

  std::deque<Entry> entries_;    ///< By serial.
  std::deque<Timed> confirmed_;  ///< Rule 4. By serial, all of them smaller.
  std::deque<Timed> waiting_;    ///< Those that there was no room for, until they are tried again. By time.
  std::uint64_t last_serial_ = 0;
};

}  // namespace heliograph::sdk
