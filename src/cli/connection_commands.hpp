// `heliograph connections`, `kick`, `events`, `revoke`: the operator's view of a running service.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "cli/client/service.hpp"

namespace CLI {
class App;
}

namespace heliograph::cli {

/// A subcommand, and what it does when it was given; its result is the exit code.
struct Command {
  const CLI::App* app = nullptr;
  std::function<int()> run;
};

/// Adds the subcommands. What they were given is kept in the functions.
[[nodiscard]] std::vector<Command> add_connection_commands(CLI::App& app);

/// What `channel list` shows of a heliographd: channels, and how many are connected to each; the exit code.
[[nodiscard]] int list_operators_channels(const ServiceOptions& service, bool as_json);

/// Rows as a table: as wide as needed, a head line first.
[[nodiscard]] std::string to_table(const std::vector<std::vector<std::string>>& rows);

/// Takes a stream of Server-Sent Events in pieces of any size. Threads: one.
class EventReader {
 public:
  struct Event {
    std::string type;
    std::string data;
  };
  /// Appends a piece; gives the events that it completes.
  [[nodiscard]] std::vector<Event> feed(std::string_view piece);

 private:
  std::string line_;
  Event event_;
};

/// One event as a line for people; nothing for what is of no interest to them.
[[nodiscard]] std::optional<std::string> to_line(const EventReader::Event& event);

}  // namespace heliograph::cli
