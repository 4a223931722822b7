// A ViewerCall, told about in lines, and summed up at the end.
#include "cli/viewer_command.hpp"

#include <unistd.h>

#include <algorithm>
#include <boost/json.hpp>
#include <cstdlib>
#include <deque>
#include <filesystem>
#include <memory>
#include <optional>
#include <utility>
#include <vector>

#include "cli/call/chat_input.hpp"
#include "cli/call/figures.hpp"
#include "cli/call/json_text.hpp"
#include "cli/call/main_loop.hpp"
#include "cli/call/media_flags.hpp"
#include "cli/call/screen.hpp"
#include "cli/call/takers.hpp"
#include "cli/call/timed_lookup.hpp"
#include "cli/call/viewer_call.hpp"
#include "cli/channel_commands.hpp"
#include "cli/client/sdk_service.hpp"
#include "cli/opening.hpp"
#include "wire/names.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// For the master to hear that we go.
constexpr milliseconds kFarewell{2'000};
/// Lines that wait for the master.
constexpr std::size_t kMostUnsent = 1'000;

bool is_there(const std::string& path) {
  std::error_code ignored;
  return std::filesystem::exists(path, ignored);
}

bool has_display() { return std::getenv("DISPLAY") != nullptr || std::getenv("WAYLAND_DISPLAY") != nullptr; }

/// Threads: the main loop's.
class Viewer {
 public:
  Viewer(const ViewerQuestion& question, MainLoop& loop)
      : question_(question), loop_(loop), timeline_(std::make_shared<Timeline>(start_)) {}

  [[nodiscard]] Result<void> open(const SdkService& service, const std::string& client, MediaSource::Options input) {
    const auto arn = look_up(*service.channels, question_.channel, client, *timeline_);
    if (!arn) return arn.error();
    const auto codecs = parse_codec(question_.source.codec);
    if (!codecs) return codecs.error();
    ViewerOptions options;
    options.channel = *arn;
    options.client_id = client;
    options.channels = service.channels;
    options.signer = timed_signer(*service.channels, loop_.executor(), timeline_);
    options.codecs = *codecs;
    options.is_relay_only = question_.is_relay_only;
    if (!question_.source.source.empty()) {
      MediaSource::Handlers handlers;
      handlers.on_error = [this](const Error& error) { tell("source", "what is sent: " + error.detail); };
      input.loop = service.loop;
      auto source = MediaSource::create(std::move(input), std::move(handlers));
      if (!source) return source.error();
      options.source = *std::move(source);
    }
    handlers_ = service.loop;
    is_window_ = question_.is_window || (has_display() && !question_.is_headless && question_.record.empty());
    if (is_window_) takers_.show_in([this]() { return make_window(); });
    if (auto first = takers_.add(); !first) return first.error();  // Rather now than with the master's answer.
    options.make_sink = [this]() { return takers_.next([this](const std::string& text) { tell("recording", text); }); };
    call_ = std::make_unique<ViewerCall>(std::move(options), events(), *timeline_);
    loop_.every(milliseconds(100), [this]() { tick(); });
    loop_.every(milliseconds(1000), [this]() { tell_figures(); });
    return call_->open();
  }

  int run() {
    if (question_.has_chat)
      loop_.read_lines(STDIN_FILENO, [this](const std::string& line) { take(parse_chat_input(line)); }, []() {});
    const int code = loop_.run(std::chrono::seconds(question_.seconds));
    const auto end = steady_clock::now();
    call_->finish();
    loop_.run_until([this]() { return call_->is_finished(); }, kFarewell);
    call_.reset();
    const bool are_whole = takers_.stop([this](const std::string& text) { note(text); });
    sum_up(end);
    const bool has_received = takers_.total(MediaKind::kVideo).frames + takers_.total(MediaKind::kAudio).frames > 0;
    if (!has_received && code == 0) note("nothing was received");
    if (!unsent_.empty()) note(std::to_string(unsent_.size()) + " lines were not sent, the master was not there");
    return has_received && are_whole ? code : 1;
  }

 private:
  ViewerEvents events() {
    ViewerEvents events;
    events.on_open = [this]() { tell("open", "the channel is open; calling the master"); };
    events.on_lost = [this](const Error& why, milliseconds) {
      tell("lost", "the service is away, trying again (the call goes on): " + why.detail);
    };
    events.on_closed = [this](const Error& why) {
      if (why.code == Errc::kClosed) return;
      tell("closed", why.code == Errc::kReplaced ? "another viewer of the same name joined" : why.detail);
      loop_.stop(1);
    };
    events.on_connected = [this]() {
      path_.clear();
      if (!connected_) connected_ = steady_clock::now();
      tell("connected", "connected to the master");
    };
    events.on_disconnected = [this](const std::string& why) {
      if (!loop_.is_stopping()) tell("disconnected", "the master is away: " + why);
    };
    events.on_restart = [this]() {
      ++restarts_;
      tell("restart", "looking for a new way to the master");
    };
    events.on_new_peer = [this]() {
      if (++connections_ > 1) tell("call", "calling the master again");
    };
    events.on_talk = [this]() { flush(); };
    events.on_text = [this](std::string_view text) { tell("text", "the master says: " + std::string(text)); };
    events.on_warning = [this](const std::string& text) { tell("warning", text); };
    return events;
  }

  void take(const ChatInput& input) {
    using Kind = ChatInput::Kind;
    if (input.kind == Kind::kNothing) return;
    if (input.kind == Kind::kQuit) return loop_.stop(0);
    if (input.kind == Kind::kMistake) return tell("warning", input.text);
    if (input.kind != Kind::kSay) return tell("warning", "of the commands of chat a viewer has /quit only");
    unsent_.push_back(input.text);
    flush();
  }

  /// What is said before the master can hear it, or while it is away, waits: a pipe's first lines come at once.
  void flush() {
    for (; !unsent_.empty(); unsent_.pop_front()) {
      auto sent = call_->send_text(unsent_.front());
      if (!sent && sent.error().code == Errc::kClosed && unsent_.size() <= kMostUnsent) return;
      if (!sent) tell("warning", "not sent: " + unsent_.front() + ": " + sent.error().detail);
    }
  }

  Result<std::shared_ptr<MediaSink>> make_window() {
    if (!is_window_) return MediaSink::headless();
    MediaSink::Window window;
    window.loop = handlers_;
    window.on_close = [this](const Error& why) {
      tell("window", why.code == Errc::kClosed ? "the window was closed" : "the window: " + why.detail);
      loop_.stop(why.code == Errc::kClosed ? 0 : 1);
    };
    auto made = MediaSink::window(std::move(window));
    if (made) return made;
    if (question_.is_window)
      return Error{made.error().code, "--window: " + made.error().detail + "; --record FILE and --headless need none"};
    note(made.error().detail + "; counting only");
    is_window_ = false;
    return MediaSink::headless();
  }

  void tick() {
    if (loop_.is_stopping()) return;  // No new call while we say goodbye.
    const std::uint64_t frames = takers_.total(MediaKind::kVideo).frames + takers_.total(MediaKind::kAudio).frames;
    const bool has_media = frames > frames_;
    frames_ = frames;
    if (connected_ && !timeline_->has_ended("ttff"))
      if (const auto first = takers_.total(MediaKind::kVideo).first_frame) {
        timeline_->reach("ttff", *first);
        timeline_->begin("ttff-after-pc-viewer", std::min(*connected_, *first));
        timeline_->end("ttff-after-pc-viewer", *first);
      }
    call_->tick(steady_clock::now(), has_media);
  }

  [[nodiscard]] double seconds_at(steady_clock::time_point time) const {
    return static_cast<double>(std::chrono::duration_cast<milliseconds>(time - start_).count()) / 1000.0;
  }

  void tell_figures() {
    const auto video = takers_.total(MediaKind::kVideo);
    const std::uint64_t fresh = video.frames - told_frames_;
    told_frames_ = video.frames;
    screen_.status((call_->is_connected() ? "connected  " : "not connected  ") + std::to_string(fresh) + " fps  " +
                   std::to_string(video.frames) + " frames  " + to_rate(latest_ ? kbps_of(*latest_, false) : 0) + "  " +
                   to_clock(std::chrono::duration_cast<std::chrono::seconds>(steady_clock::now() - start_)));
    call_->stats([this](Result<PeerStats> stats) {
      if (stats) tell_path(*(latest_ = *std::move(stats)));
    });
    if (!question_.has_stats) return;
    json::object object{{"event", "stats"},
                        {"seconds", seconds_at(steady_clock::now())},
                        {"connected", call_->is_connected()},
                        {"framesPerSecond", fresh},
                        {"video", to_json(video)},
                        {"audio", to_json(takers_.total(MediaKind::kAudio))}};
    if (latest_) {
      boost::system::error_code error;
      if (auto value = json::parse(heliograph::to_json(*latest_), error); !error) object["connection"] = value;
    }
    screen_.say(to_text(object));
  }

  void tell_path(const PeerStats& stats) {
    const std::string path = to_path(stats);
    if (path.empty() || path == path_) return;
    path_ = path;
    tell("path", "the way to the master is " + path);
  }
  void tell(const char* event, const std::string& text) {
    if (!question_.has_stats) return say(printable(text));
    screen_.say(to_text(json::object{{"event", event}, {"seconds", seconds_at(steady_clock::now())}, {"text", text}}));
  }
  void note(const std::string& text) { say("heliograph: " + printable(text)); }
  /// On standard error; where the status line is on the same terminal, above it.
  void say(const std::string& text) {
    (screen_.has_status() && ::isatty(STDERR_FILENO) == 1 ? screen_ : notes_).say(text);
  }

  void sum_up(steady_clock::time_point end) {
    screen_.status("");
    json::array recordings;
    for (const std::string& path : takers_.recordings()) recordings.push_back(json::value(path));
    const auto video = takers_.total(MediaKind::kVideo);
    const auto audio = takers_.total(MediaKind::kAudio);
    screen_.say(to_text(json::object{{"event", "summary"},
                                     {"received", video.frames + audio.frames > 0},
                                     {"seconds", seconds_at(end)},
                                     {"connections", connections_},
                                     {"iceRestarts", restarts_},
                                     {"video", to_json(video)},
                                     {"audio", to_json(audio)},
                                     {"recordings", std::move(recordings)},
                                     {"timeline", timeline_->to_json()}}));
  }

  const ViewerQuestion& question_;
  MainLoop& loop_;
  steady_clock::time_point start_ = steady_clock::now();
  std::shared_ptr<Timeline> timeline_;
  Screen screen_{stdout, !question_.has_stats};
  Screen notes_{stderr, false};
  std::shared_ptr<EventLoop> handlers_;
  std::unique_ptr<ViewerCall> call_;
  std::deque<std::string> unsent_;
  Takers takers_{question_.record, question_.is_overwriting};
  std::optional<PeerStats> latest_;
  std::string path_;  ///< That was told.
  std::optional<steady_clock::time_point> connected_;
  std::uint64_t frames_ = 0;
  std::uint64_t told_frames_ = 0;
  int restarts_ = 0;
  int connections_ = 0;
  bool is_window_ = false;
};

Result<void> check(const ViewerQuestion& question) {
  if (question.has_chat && question.source.source == "-")
    return Error{Errc::kInvalidArgument, "--chat and --send - both read standard input: one of them"};
  const int ways = (question.is_window ? 1 : 0) + (question.is_headless ? 1 : 0) + (question.record.empty() ? 0 : 1);
  if (ways > 1) return Error{Errc::kInvalidArgument, "--window, --record and --headless: one of them"};
  if (std::error_code ignored; std::filesystem::is_directory(question.record, ignored))
    return Error{Errc::kInvalidArgument, "--record " + question.record + " is a directory: name a file in it"};
  if (!question.is_overwriting && !question.record.empty() && is_there(question.record))
    return Error{Errc::kInvalidArgument, question.record + " is there already: another name, or --overwrite"};
  const auto folder = std::filesystem::path(question.record).parent_path();
  if (!question.record.empty() && !folder.empty() && !is_there(folder))
    return Error{Errc::kInvalidArgument, "--record " + question.record + ": there is no folder " + folder.string()};
  if (!question.name.empty() && !wire::is_client_id(question.name))
    return Error{Errc::kInvalidArgument,
                 "--name must be 1 to 256 characters of [a-zA-Z0-9_.-] and must not begin with AWS_"};
  return {};
}

}  // namespace

int run_viewer(const ViewerQuestion& question) {
  if (const auto checked = check(question); !checked) return fail_with(checked.error());
  auto input = question.source.source.empty() ? Result<MediaSource::Options>(MediaSource::Options{})
                                              : read_source(question.source);
  if (!input) return fail_with(input.error());
  Opening opening;
  Viewer viewer(question, opening.loop());  // The time begins here.
  const auto service = opening.open(question.service, question.is_verbose);
  if (!service) return fail_with(service.error());
  const std::string client = question.name.empty() ? random_client_id() : question.name;
  if (auto opened = viewer.open(*service, client, *std::move(input)); !opened) return fail_with(opened.error());
  return viewer.run();
}

}  // namespace heliograph::cli
