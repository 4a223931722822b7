// A MasterCall, told about in lines: for people, or JSON.
#include "cli/master_command.hpp"

#include <malloc.h>
#include <unistd.h>

#include <boost/json.hpp>
#include <filesystem>
#include <map>
#include <memory>
#include <utility>
#include <vector>

#include "cli/call/chat_input.hpp"
#include "cli/call/figures.hpp"
#include "cli/call/json_text.hpp"
#include "cli/call/main_loop.hpp"
#include "cli/call/master_call.hpp"
#include "cli/call/media_flags.hpp"
#include "cli/call/screen.hpp"
#include "cli/call/takers.hpp"
#include "cli/channel_commands.hpp"
#include "cli/client/sdk_service.hpp"
#include "cli/opening.hpp"

namespace heliograph::cli {
namespace {

namespace json = boost::json;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

/// For viewers to hear that we go.
constexpr milliseconds kFarewell{2'000};

/// Threads: the main loop's.
class Master {
 public:
  Master(const MasterQuestion& question, MainLoop& loop) : question_(question), loop_(loop) {}

  [[nodiscard]] Result<void> open(const SdkService& service, const std::string& arn, MediaSource::Options input) {
    MediaSource::Handlers handlers;
    handlers.on_error = [this, is_over = !comes_back(input.input)](const Error& error) {
      tell("source", "the source: " + error.detail);
      // What failed may be an encoder, for those who needed it: the input goes on.
      if (is_over && (source_ == nullptr || !source_->stats().is_running)) loop_.stop(1);
    };
    handlers.on_end = [this]() {
      tell("end", "the source has ended");
      loop_.stop(0);
    };
    input.loop = service.loop;
    auto source = MediaSource::create(std::move(input), std::move(handlers));
    if (!source) return source.error();
    source_ = *std::move(source);
    const auto codecs = parse_codec(question_.source.codec);
    if (!codecs) return codecs.error();
    MasterOptions options;
    options.channel = arn;
    options.channels = service.channels;
    options.source = source_;
    options.codecs = *codecs;
    options.most_viewers = question_.most_viewers;
    options.is_relay_only = question_.is_relay_only;
    if (!question_.record.empty()) {
      options.make_sink = [this](const std::string& viewer) { return make_recording(viewer); };
      options.take_back = [this](const std::shared_ptr<MediaSink>& sink) { ended_.push_back(sink); };
    }
    call_ = std::make_unique<MasterCall>(std::move(options), events());
    loop_.every(milliseconds(200), [this]() {
      call_->tick(steady_clock::now());
      complete_recordings();
    });
    loop_.every(milliseconds(1000), [this]() { tell_figures(); });
    return call_->open();
  }

  int run() {
    // The end of the input is that of the chat, not of the stream.
    if (question_.has_chat)
      loop_.read_lines(STDIN_FILENO, [this](const std::string& line) { take(parse_chat_input(line)); }, []() {});
    const int code = loop_.run(std::chrono::seconds(question_.seconds));
    call_->finish();
    loop_.run_until([this]() { return call_->is_finished(); }, kFarewell);
    call_.reset();
    for (const auto& [sink, path] : recordings_) ended_.push_back(sink);
    complete_recordings();
    return code == 0 && !are_whole_ ? 1 : code;
  }

 private:
  MasterEvents events() {
    MasterEvents events;
    events.on_open = [this]() {
      tell("open", std::exchange(was_open_, true) ? "the service is back" : "the channel is open; waiting for viewers");
    };
    events.on_lost = [this](const Error& why, milliseconds) {
      tell("lost", "the service is away, trying again (calls go on): " + why.detail);
    };
    events.on_closed = [this](const Error& why) {
      if (why.code == Errc::kClosed) return;
      tell("closed", why.code == Errc::kReplaced ? "another master took this channel" : why.detail);
      loop_.stop(1);
    };
    events.on_connected = [this](const std::string& viewer) { tell("joined", viewer + " joined", viewer); };
    events.on_left = [this](const std::string& viewer, const std::string& why) {
      figures_.viewers.erase(viewer);
      tell("left", viewer + (why == "left" ? " left" : " left: " + why), viewer);
    };
    events.on_text = [this](const std::string& viewer, std::string_view text) {
      if (question_.as_json)
        print({{"event", "text"}, {"viewer", viewer}, {"text", text}});
      else
        screen_.say(viewer + " says: " + printable(text));
    };
    events.on_refused = [this](const std::string& viewer) {
      tell("refused", viewer + " was refused: there are " + std::to_string(question_.most_viewers) + " viewers already",
           viewer);
    };
    events.on_warning = [this](const std::string& text) { tell("warning", text); };
    return events;
  }

  void take(const ChatInput& input) {
    switch (input.kind) {
      case ChatInput::Kind::kNothing:
        return;
      case ChatInput::Kind::kWho:
        return tell_who();
      case ChatInput::Kind::kHelp:
        return question_.as_json ? tell("help", std::string(chat_help(true))) : screen_.say(chat_help(true));
      case ChatInput::Kind::kMistake:
        return tell("warning", input.text);
      case ChatInput::Kind::kQuit:
        return loop_.stop(0);
      case ChatInput::Kind::kSay:
        return send(call_->listeners(), input.text);
      case ChatInput::Kind::kTo:
        return send({input.to}, input.text);
    }
  }

  /// What nobody is there to hear is told of, not kept: who comes an hour later should not be greeted with it.
  void send(const std::vector<std::string>& viewers, const std::string& text) {
    if (viewers.empty()) return tell("warning", "not sent, nobody is here: " + text);
    for (const std::string& viewer : viewers)
      if (auto sent = call_->send_text(viewer, text); !sent)
        tell("warning", "not sent to " + viewer + ": " + sent.error().detail, viewer);
  }

  void tell_who() {
    const auto here = call_->listeners();
    std::string text = here.empty() ? "nobody is here" : "here: ";
    for (const std::string& viewer : here) text += (viewer == here.front() ? "" : ", ") + viewer;
    tell("who", text);
  }

  std::shared_ptr<MediaSink> make_recording(const std::string& viewer) {
    std::filesystem::path path;
    std::error_code ignored;
    do
      path = std::filesystem::path(question_.record) /
             (file_name_of(viewer) + "-" + std::to_string(++last_recording_) + ".mkv");
    while (std::filesystem::exists(path, ignored));  // Of an earlier run.
    auto sink = MediaSink::record({.path = path.string()});
    if (!sink) {
      tell("recording", sink.error().detail);
      return MediaSink::headless();
    }
    recordings_.emplace(*sink, path.string());
    tell("recording", "what " + viewer + " sends goes to " + path.string(), viewer);
    return *std::move(sink);
  }

  /// Of the calls that are over; not in the handlers that say so, since a slow disk takes its time.
  void complete_recordings() {
    for (const auto& sink : std::exchange(ended_, {})) {
      const auto found = recordings_.find(sink);
      if (found == recordings_.end()) continue;
      const std::string path = found->second;
      recordings_.erase(found);
      const auto done = sink->stop();
      remove_if_empty(path);
      if (done) continue;
      are_whole_ = are_whole_ && sink->stats(MediaKind::kVideo).frames + sink->stats(MediaKind::kAudio).frames == 0;
      tell("recording", path + ": " + done.error().detail);
    }
  }

  void tell(const char* event, const std::string& text, const std::string& viewer = {}) {
    if (!question_.as_json) return screen_.say(printable(text));
    json::object object{{"event", event}, {"text", text}};
    if (!viewer.empty()) object["viewer"] = viewer;
    print(object);
  }
  void print(const json::object& object) { screen_.say(to_text(object)); }

  /// Asks for the next figures, and tells the last.
  void tell_figures() {
    const auto now = steady_clock::now();
    const auto stats = source_->stats();
    const std::chrono::duration<double> span = now - last_time_;
    figures_.running = std::chrono::duration_cast<std::chrono::seconds>(now - start_);
    figures_.frames_per_second = static_cast<double>(stats.video_frames - figures_.frames) / span.count();
    figures_.frames = stats.video_frames;
    figures_.target_kbps = stats.target_video_kbps;
    last_time_ = now;
    for (const std::string& viewer : call_->viewers()) {
      figures_.viewers.try_emplace(viewer);
      call_->stats(viewer, [this, viewer](Result<PeerStats> found) {
        const auto known = figures_.viewers.find(viewer);
        if (found && known != figures_.viewers.end()) known->second = *std::move(found);
      });
    }
    if (!question_.as_json) return screen_.status(to_line(figures_));
    json::object object{{"event", "stats"}};
    for (const auto& [key, value] : to_json(figures_)) object[key] = value;
    print(object);
  }

  const MasterQuestion& question_;
  MainLoop& loop_;
  Screen screen_{stdout, !question_.as_json};
  std::shared_ptr<MediaSource> source_;
  std::unique_ptr<MasterCall> call_;
  std::map<std::shared_ptr<MediaSink>, std::string> recordings_;  ///< Those that are not complete, and their files.
  std::vector<std::shared_ptr<MediaSink>> ended_;                 ///< Those that get nothing more.
  bool are_whole_ = true;                                         ///< All that something came for.
  int last_recording_ = 0;
  bool was_open_ = false;
  MasterFigures figures_;
  steady_clock::time_point start_ = steady_clock::now();
  steady_clock::time_point last_time_ = start_;
};

/// For recordings; those above it are somebody else's to make.
Result<void> make_folder(const std::string& path) {
  std::error_code error;
  if (!path.empty() && !std::filesystem::create_directory(path, error) && error)
    return Error{Errc::kInvalidArgument, "--record " + path + ": the folder cannot be made: " + error.message()};
  return {};
}

}  // namespace

int run_master(const MasterQuestion& question) {
  if (question.has_chat && question.source.source == "-")
    return fail_with({Errc::kInvalidArgument, "--chat and --source - both read standard input: one of them"});
  auto source = read_source(question.source);
  if (!source) return fail_with(source.error());
  if (auto made = make_folder(question.record); !made) return fail_with(made.error());
  // Each viewer brings threads of its own, and glibc would keep an arena for as many: half as much again in memory.
  ::mallopt(M_ARENA_MAX, 2);
  Opening opening;
  const auto service = opening.open(question.service, question.is_verbose);
  if (!service) return fail_with(service.error());
  const auto channel = find_channel(*service->channels, question.channel, question.is_created);
  if (!channel) return fail_with(channel.error());
  Master master(question, opening.loop());
  if (auto opened = master.open(*service, channel->arn, *std::move(source)); !opened) return fail_with(opened.error());
  return master.run();
}

}  // namespace heliograph::cli
