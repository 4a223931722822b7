// `heliograph connections`, `kick`, `events`, `revoke`: the operator's view of a running service.
#pragma once

#include <boost/json/value.hpp>
#include <cstdint>
#include <functional>
#include <map>
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

/// How many are connected to a channel.
struct Attendance {
  std::int64_t masters = 0;
  std::int64_t viewers = 0;
};

/// Of all channels of a heliographd, by their ARNs. For its administrator.
[[nodiscard]] Result<std::map<std::string, Attendance>> count_attendance(const Service& service);

/// Rows as a table: as wide as needed, a head line first, and printable, whoever wrote what is in it.
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

/// What a JSON pointer leads to: texts as they are, anything else as JSON; empty when there is nothing.
[[nodiscard]] std::string text_at(const boost::json::value& value, std::string_view pointer);

/// One event as a line for people, printable; nothing for what is of no interest to them.
[[nodiscard]] std::optional<std::string> to_line(const EventReader::Event& event);

}  // namespace heliograph::cli
