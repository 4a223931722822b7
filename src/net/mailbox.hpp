// Mailbox: how other threads reach a worker. One wakeup for however much lies in it.
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
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
using Mail = std::variant<TextMail, CloseMail, AnswerMail, SourceMail, DecisionMail, StopMail, NudgeMail>;

/// Outlives its worker, because replies may come later: mail for a worker that has gone is dropped.
/// Threads: put and close from any; take on the worker.
class Mailbox {
 public:
  Mailbox(boost::asio::io_context& context, std::function<void()> on_mail)
      : context_(&context), on_mail_(std::move(on_mail)) {}

  void put(Mail mail) {
    const std::lock_guard lock(mutex_);
    if (context_ == nullptr) return;
    mail_.push_back(std::move(mail));
    if (mail_.size() == 1) boost::asio::post(*context_, on_mail_);
  }
  /// Everything that has come; the caller's empty vector takes its place.
  void take(std::vector<Mail>& into) {
    const std::lock_guard lock(mutex_);
    into.swap(mail_);
  }
  void close() {
    const std::lock_guard lock(mutex_);
    context_ = nullptr;
    mail_.clear();
  }

 private:
  std::mutex mutex_;
  boost::asio::io_context* context_;
  std::function<void()> on_mail_;
  std::vector<Mail> mail_;
};

}  // namespace heliograph::net
