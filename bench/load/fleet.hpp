// Fleet: all connections of a run and the epoll they wait on. Runs derive from it.
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "heliograph/result.hpp"
#include "load/connection.hpp"
#include "load/dialect.hpp"
#include "load/options.hpp"

namespace heliograph::bench {

/// What a run found, as the members of a JSON object without its braces; `wrong` is why an answer was wrong.
struct Report {
  std::string json;
  std::string wrong;
};

class Fleet : public Events {
 public:
  Fleet(const Options& options, Dialect& dialect);
  ~Fleet() override;

  [[nodiscard]] virtual Result<Report> run() = 0;

 protected:
  /// A connection may be used: open and, where the server greets, greeted.
  virtual void on_usable(std::size_t number) = 0;
  /// A text that is no greeting.
  virtual void on_message(std::size_t number, std::string_view text) = 0;

  void on_open(std::size_t number) final;
  void on_text(std::size_t number, std::string_view text) final;
  void on_lost(std::size_t number, const std::string& why) override;

  /// Opens every connection, a limited number at a time; fails when one is lost.
  [[nodiscard]] Result<void> open_all();
  /// Serves the sockets until `done` or the time is up.
  void serve(double seconds, const std::function<bool()>& done);
  /// Serves those sockets that are ready within so many milliseconds, once.
  void turn(int milliseconds);
  [[nodiscard]] Connection& connection(std::size_t number) noexcept { return *connections_[number]; }
  [[nodiscard]] Result<void> open(std::size_t number, const std::string& target);
  void fail(const std::string& why);

  const Options& options_;
  Dialect& dialect_;
  std::string failure_;  ///< The first thing that went wrong; the run ends with it.

 private:
  int epoll_ = -1;
  std::vector<std::unique_ptr<Connection>> connections_;
  std::vector<bool> usable_;
  std::size_t usable_count_ = 0;
};

[[nodiscard]] std::unique_ptr<Fleet> make_run(const Options& options, Dialect& dialect);

}  // namespace heliograph::bench
