// Three commands that stay until they are ended.
#include "cli/call_commands.hpp"

#include <CLI/CLI.hpp>
#include <memory>

#include "cli/chat_command.hpp"
#include "cli/master_command.hpp"
#include "cli/service_flags.hpp"
#include "cli/viewer_command.hpp"

namespace heliograph::cli {
namespace {

template <class Question>
CLI::App* add(CLI::App& app, Question& question, const char* name, const char* about) {
  CLI::App* command = app.add_subcommand(name, about);
  command->add_option("channel", question.channel, "Name or ARN of the channel")->required();
  add_sdk_flags(*command, question.service);
  command->add_flag("--relay-only", question.is_relay_only, "Go through the relay, even where there is a direct way");
  command->add_flag("--verbose", question.is_verbose, "Say on standard error what the SDK does");
  return command;
}

Command add_chat(CLI::App& app) {
  const auto question = std::make_shared<ChatQuestion>();
  CLI::App* command =
      add(app, *question, "chat",
          "Chat over a data channel, also with the pages of the AWS samples: /to NAME TEXT, /all TEXT, /who, /quit; "
          "lines that come through a pipe wait for somebody to hear them");
  command->add_flag("--master", question->is_master, "Be the master, with whom every viewer talks");
  command->add_flag("--viewer", question->is_viewer, "Be a viewer, who talks with the master");
  command->add_option("--name", question->name, "What the master sees a viewer as; default: one by chance");
  command->add_flag("--create", question->is_created, "Make the channel when it is not there");
  return {command, [question]() { return run_chat(*question); }};
}

Command add_master(CLI::App& app) {
  const auto question = std::make_shared<MasterQuestion>();
  CLI::App* command =
      add(app, *question, "master", "Stream to every viewer of a channel: encoded once, for however many they are");
  add_source_flags(*command, question->source, "--source",
                   "test (a pattern with a clock and a tone), camera, camera:DEVICE, rtsp://USER:PASSWORD@HOST/PATH "
                   "(rtspu:// by UDP), a file, or - for H.264 (Annex B) on standard input");
  command->get_option("--source")->capture_default_str();
  command->add_option("--viewers", question->most_viewers, "Most viewers at a time; who comes then is refused")
      ->check(CLI::Range(1, 10'000))
      ->capture_default_str();
  command->add_flag("--create", question->is_created, "Make the channel when it is not there");
  command->add_option("--record", question->record,
                      "Directory for what viewers send: a Matroska file for each of them");
  command->add_option("--for", question->seconds, "End after so many seconds; default: when it is ended")
      ->check(CLI::Range(1, 31'536'000));
  command->add_flag("--chat", question->has_chat,
                    "Lines of standard input go to the viewers who are here, as in chat: /to NAME TEXT to one of them");
  command->add_flag("--json", question->as_json, "Print one JSON object per line: events, and figures every second");
  return {command, [question]() { return run_master(*question); }};
}

Command add_viewer(CLI::App& app) {
  const auto question = std::make_shared<ViewerQuestion>();
  CLI::App* command = add(app, *question, "viewer",
                          "Watch a channel's master: in a window, into a file, or counting; exit code 0 only if "
                          "something was received");
  command->add_option("--name", question->name, "What the master sees us as; default: one by chance");
  command->add_flag("--window", question->is_window, "Show and play it; default where there is a display");
  command->add_option("--record", question->record,
                      "Write a Matroska file, without encoding anew; a connection that has to be made anew goes on in "
                      "FILE-2.mkv");
  command->add_flag("--overwrite", question->is_overwriting, "Let --record replace what is there");
  command->add_flag("--headless", question->is_headless, "Count only; default where there is no display");
  command->add_flag("--chat", question->has_chat, "Lines of standard input go to the master, as in chat");
  command->add_flag("--stats", question->has_stats, "Print one JSON object per line: events, and figures every second");
  command->add_option("--for", question->seconds, "End after so many seconds; default: when it is ended")
      ->check(CLI::Range(1, 31'536'000));
  add_source_flags(*command, question->source, "--send",
                   "Send something back: test, camera, camera:DEVICE, rtsp://…, a file, or -; default: nothing");
  return {command, [question]() { return run_viewer(*question); }};
}

}  // namespace

std::vector<Command> add_call_commands(CLI::App& app) { return {add_chat(app), add_master(app), add_viewer(app)}; }

}  // namespace heliograph::cli
