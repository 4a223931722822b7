// Mailbox: how other threads reach a worker. One wakeup for however much lies in it.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "heliograph/error.hpp"
#include "net/service.hpp"

namespace heliograph::net {

struct TextMail {
  std::uint64_t to = 0;
  std::string text;
};
struct CloseMail {
  std::uint64_t to = 0;
  Errc why{};
  std::string reason;
};
struct AnswerMail {
  std::uint64_t to = 0;
  std::uint32_t request = 0;
  HttpResponse response;
};
/// The source of an answer's body has more.
struct SourceMail {
  std::uint64_t to = 0;
  std::uint32_t request = 0;
};
struct DecisionMail {
  ConnId to;
  UpgradeDecision decision;
};
/// The node stops: say goodbye over the window, and drop at the deadline who is still there.
struct StopMail {
  std::chrono::milliseconds window{0};
  std::chrono::steady_clock::time_point deadline{};
};
/// Is somebody there?
struct NudgeMail {
  std::uint64_t number = 0;
};
/// Say SettledMail to that worker when what lies before this in the mailbox is written.
struct SettleMail {
  std::uint32_t asked_by = 0;
  std::uint64_t number = 0;
};
struct SettledMail {
  std::uint64_t number = 0;
};
using Mail = std::variant<TextMail, CloseMail, AnswerMail, SourceMail, DecisionMail, StopMail, NudgeMail, SettleMail,
                          SettledMail>;

/// Outlives its worker, because replies may come later: mail for a worker that has gone is dropped.
/// Threads: put and close from any; take on the worker.
class Mailbox {
 public:
  /// @param wake  called from any thread when there is mail after there was none.
  explicit Mailbox(std::function<void()> wake) : wake_(std::move(wake)) {}

  /// False when nobody takes mail any more.
  bool put(Mail mail) {
    const std::lock_guard lock(mutex_);
    if (!wake_) return false;
    mail_.push_back(std::move(mail));
    if (mail_.size() == 1) wake_();
    return true;
  }
  /// Everything that has come; the caller's empty vector takes its place.
  void take(std::vector<Mail>& into) {
    const std::lock_guard lock(mutex_);
    into.swap(mail_);
  }
  /// Nothing more comes in; what lies here can still be taken.
  void close() {
    const std::lock_guard lock(mutex_);
    wake_ = nullptr;
  }

 private:
  std::mutex mutex_;
  std::function<void()> wake_;  ///< Empty once closed.
  std::vector<Mail> mail_;
};

}  // namespace heliograph::net
