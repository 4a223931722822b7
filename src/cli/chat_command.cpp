// Lines out, lines in. What cannot be sent yet waits in a queue, in its order.
#include "cli/chat_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <memory>
#include <utility>

#include "cli/call/chat_input.hpp"
#include "cli/call/line_queue.hpp"
#include "cli/call/main_loop.hpp"
#include "cli/call/master_call.hpp"
#include "cli/call/media_flags.hpp"
#include "cli/call/screen.hpp"
#include "cli/call/viewer_call.hpp"
#include "cli/channel_commands.hpp"
#include "cli/client/sdk_service.hpp"
#include "cli/opening.hpp"
#include "wire/names.hpp"

namespace heliograph::cli {
namespace {

using Kind = ChatInput::Kind;
using Sent = LineQueue::Sent;
using std::chrono::milliseconds;

constexpr milliseconds kTick{200};
/// How often what waits is looked at again.
constexpr milliseconds kFlush{20};
/// Bytes on the way, from which on the rest waits.
constexpr std::size_t kMostBuffered = 1'048'576;
/// For what was sent to arrive before we go.
constexpr milliseconds kFarewell{5'000};

/// What the two roles have in common: the lines. Threads: the main loop's.
class Chat {
 public:
  explicit Chat(MainLoop& loop) : loop_(loop), is_terminal_(::isatty(STDIN_FILENO) == 1) {}
  Chat(const Chat&) = delete;
  Chat& operator=(const Chat&) = delete;
  virtual ~Chat() = default;

  int run() {
    loop_.read_lines(
        STDIN_FILENO, [this](const std::string& line) { take(parse_chat_input(line)); },
        [this]() {
          has_ended_ = true;
          flush();
        });
    loop_.every(kFlush, [this]() {
      if (has_ended_ || !waiting_.empty()) flush();
    });
    const int code = loop_.run();
    finish();
    loop_.run_until([this]() { return is_finished(); }, kFarewell);
    if (!waiting_.empty()) note(std::to_string(waiting_.size()) + " lines were not sent");
    return code == 0 && (has_failed_ || !waiting_.empty()) ? 1 : code;
  }

 protected:
  /// A terminal's master is told so, instead of having the line wait, when nobody is there.
  virtual Sent send(const ChatInput& input) = 0;
  /// Bytes on the way.
  [[nodiscard]] virtual std::size_t buffered() const = 0;
  virtual void tell_who() = 0;
  virtual void finish() = 0;
  virtual bool is_finished() const = 0;
  [[nodiscard]] virtual bool is_master() const = 0;

  void flush() {
    waiting_.flush([this](const ChatInput& line) { return send(line); },
                   [this]() { return buffered() < kMostBuffered; });
    for (const ChatInput& line : waiting_.give_up(std::chrono::steady_clock::now(), has_ended_))
      fail("not sent, nobody came by the name " + line.to + ": " + line.text);
    loop_.set_reading(!waiting_.is_full());
    if (has_ended_ && waiting_.empty() && buffered() == 0) loop_.stop(0);
  }
  void on_arrival() {
    waiting_.on_arrival();
    flush();
  }
  void fail(const std::string& text) {
    has_failed_ = true;
    note(text);
  }
  void end(const Error& why) {
    if (why.code == Errc::kClosed) return;
    note("the service: " + why.detail);
    loop_.stop(1);
  }
  /// Of people: standard output.
  void say(const std::string& who, std::string_view text) { screen_.say(who + ": " + printable(text)); }
  void tell(const std::string& text) { screen_.say("* " + printable(text)); }
  /// Of the program: standard error.
  void note(const std::string& text) { notes_.say("heliograph: " + printable(text)); }
  [[nodiscard]] bool is_terminal() const noexcept { return is_terminal_; }
  [[nodiscard]] bool is_leaving() const noexcept { return loop_.is_stopping(); }

 private:
  void take(ChatInput input) {
    switch (input.kind) {
      case Kind::kNothing:
        return;
      case Kind::kWho:
        return tell_who();
      case Kind::kHelp:
        return screen_.say(chat_help(is_master()));
      case Kind::kMistake:
        return note(input.text);
      case Kind::kQuit:
        return loop_.stop(0);
      case Kind::kSay:
      case Kind::kTo:
        if (!is_master() && input.to == "master") input.kind = Kind::kSay;
        waiting_.push(std::move(input));
        return flush();
    }
  }

  MainLoop& loop_;
  bool is_terminal_;
  bool has_ended_ = false;
  bool has_failed_ = false;  ///< Something was not sent, and will not be.
  LineQueue waiting_;
  Screen screen_{stdout, false};
  Screen notes_{stderr, false};
};

class MasterChat final : public Chat {
 public:
  MasterChat(MainLoop& loop, MasterOptions options) : Chat(loop), call_(std::move(options), events()) {
    loop.every(kTick, [this]() { call_.tick(std::chrono::steady_clock::now()); });
  }
  [[nodiscard]] Result<void> open() { return call_.open(); }

 private:
  MasterEvents events() {
    MasterEvents events;
    events.on_open = [this]() { note("the channel is open; waiting for viewers"); };
    events.on_lost = [this](const Error& why, milliseconds) {
      note("the service is away, trying again: " + why.detail);
    };
    events.on_closed = [this](const Error& why) { end(why); };
    events.on_talk = [this](const std::string& viewer) {
      tell(viewer + " joined");
      on_arrival();
    };
    events.on_text = [this](const std::string& viewer, std::string_view text) { say(viewer, text); };
    events.on_left = [this](const std::string& viewer, const std::string& why) {
      tell(viewer + (why == "left" ? " left" : " left: " + why));
    };
    events.on_refused = [this](const std::string& viewer) { note(viewer + " was refused: too many are here"); };
    events.on_warning = [this](const std::string& text) { note(text); };
    return events;
  }
  Sent send(const ChatInput& input) override {
    const auto here = call_.listeners();
    const bool is_to_one = input.kind == Kind::kTo;
    const bool is_there = is_to_one ? std::find(here.begin(), here.end(), input.to) != here.end() : !here.empty();
    if (!is_there) {
      // What comes through a pipe was written before anybody could be here.
      if (!is_terminal()) return Sent::kWait;
      note(is_to_one ? "nobody is here by the name " + input.to + "; /who says who is" : "nobody is here");
      return Sent::kDone;
    }
    for (const std::string& viewer : is_to_one ? std::vector{input.to} : here)
      if (auto sent = call_.send_text(viewer, input.text); !sent)
        fail("not sent to " + viewer + ": " + sent.error().detail);
    return Sent::kDone;
  }
  [[nodiscard]] std::size_t buffered() const override { return call_.buffered(); }
  void tell_who() override {
    const auto here = call_.listeners();
    std::string text = here.empty() ? "nobody is here" : "here: ";
    for (const std::string& viewer : here) text += (viewer == here.front() ? "" : ", ") + viewer;
    tell(text);
  }
  void finish() override { call_.finish(); }
  bool is_finished() const override { return call_.is_finished(); }
  bool is_master() const override { return true; }

  MasterCall call_;
};

class ViewerChat final : public Chat {
 public:
  ViewerChat(MainLoop& loop, ViewerOptions options)
      : Chat(loop), timeline_(std::chrono::steady_clock::now()), call_(std::move(options), events(), timeline_) {
    loop.every(kTick, [this]() {
      // No new call while we say goodbye.
      if (!is_leaving()) call_.tick(std::chrono::steady_clock::now(), false);
    });
  }
  [[nodiscard]] Result<void> open() { return call_.open(); }

 private:
  ViewerEvents events() {
    ViewerEvents events;
    events.on_open = [this]() { note("the channel is open; calling the master"); };
    events.on_lost = [this](const Error& why, milliseconds) {
      note("the service is away, trying again: " + why.detail);
    };
    events.on_closed = [this](const Error& why) { end(why); };
    events.on_disconnected = [this](const std::string& why) {
      if (is_leaving()) return;
      tell(why == "the master left" ? "the master left" : "the master is away: " + why);
    };
    events.on_talk = [this]() {
      tell("the master is here");
      on_arrival();
    };
    events.on_text = [this](std::string_view text) { say("master", text); };
    events.on_warning = [this](const std::string& text) { note(text); };
    return events;
  }
  Sent send(const ChatInput& input) override {
    if (input.kind == Kind::kTo) {
      note("a viewer talks with the master only");
      return Sent::kDone;
    }
    if (!call_.can_talk()) return Sent::kWait;
    if (auto sent = call_.send_text(input.text); !sent) fail("not sent: " + sent.error().detail);
    return Sent::kDone;
  }
  [[nodiscard]] std::size_t buffered() const override { return call_.buffered(); }
  void tell_who() override { tell(call_.can_talk() ? "the master is here" : "the master is not here"); }
  void finish() override { call_.finish(); }
  bool is_finished() const override { return call_.is_finished(); }
  bool is_master() const override { return false; }

  Timeline timeline_;
  ViewerCall call_;
};

}  // namespace

int run_chat(const ChatQuestion& question) {
  if (question.is_master == question.is_viewer)
    return fail_with({Errc::kInvalidArgument, "say which you are: --master or --viewer"});
  if (question.is_master && !question.name.empty())
    return fail_with({Errc::kInvalidArgument, "a master has no name; leave --name out"});
  if (!question.name.empty() && !wire::is_client_id(question.name))
    return fail_with(
        {Errc::kInvalidArgument, "--name must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"});
  Opening opening;
  const auto service = opening.open(question.service, question.is_verbose);
  if (!service) return fail_with(service.error());
  const auto channel = find_channel(*service->channels, question.channel, question.is_created);
  if (!channel) return fail_with(channel.error());
  if (question.is_master) {
    MasterOptions options;
    options.channel = channel->arn;
    options.channels = service->channels;
    options.is_relay_only = question.is_relay_only;
    MasterChat chat(opening.loop(), std::move(options));
    if (auto opened = chat.open(); !opened) return fail_with(opened.error());
    return chat.run();
  }
  ViewerOptions options;
  options.channel = channel->arn;
  options.client_id = question.name.empty() ? random_client_id() : question.name;
  options.channels = service->channels;
  options.is_relay_only = question.is_relay_only;
  options.receives_media = false;
  ViewerChat chat(opening.loop(), std::move(options));
  if (auto opened = chat.open(); !opened) return fail_with(opened.error());
  return chat.run();
}

}  // namespace heliograph::cli
