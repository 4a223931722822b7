// SQLite connections: opening them the way the store needs, and turning SQLite's errors into ours.
#include "store/sqlite_connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>
#include <utility>

namespace heliograph::store {
namespace {

// (Not by operator+: g++ 12 warns of an overlap there that cannot be.)
std::string quoted(const std::filesystem::path& file) {
  return std::string().append("\"").append(file.string()).append("\"");
}

Error file_error(const std::filesystem::path& file, std::string_view what, int problem) {
  return {Errc::kIo, std::string(what) + " " + quoted(file) + ": " + std::generic_category().message(problem) +
                         "; check that the directory exists and that this user may write there"};
}

}  // namespace

Result<void> make_private_file(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (handle < 0) return file_error(file, "cannot open the database", errno);
  struct stat status{};
  const auto is_shared = [&status]() { return (status.st_mode & (S_IRWXG | S_IRWXO)) != 0; };
  const bool done = ::fstat(handle, &status) == 0 && (!is_shared() || ::fchmod(handle, S_IRUSR | S_IWUSR) == 0);
  const int problem = done ? 0 : errno;
  ::close(handle);
  if (problem != 0) return file_error(file, "cannot make private the database", problem);
  return {};
}

std::unique_ptr<SQLite::Database> open_writer(const std::filesystem::path& file,
                                              std::chrono::milliseconds busy_timeout) {
  auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READWRITE | SQLite::OPEN_NOMUTEX,
                                                     static_cast<int>(busy_timeout.count()));
  // WAL: readers go on during a write, and a killed process leaves a log that the next one replays. FULL: a commit is
  // on the disk before it is acknowledged, so that not even a power cut loses it (bench/micro/store_bench.cpp tells
  // what that costs).
  database->exec("PRAGMA journal_mode = WAL");
  database->exec("PRAGMA synchronous = FULL");
  database->exec("PRAGMA foreign_keys = ON");
  database->exec("PRAGMA trusted_schema = OFF");
  // A log that grew in a burst is cut back to this when it has been copied into the database.
  database->exec("PRAGMA journal_size_limit = 16777216");
  return database;
}

std::unique_ptr<SQLite::Database> open_reader(const std::filesystem::path& file,
                                              std::chrono::milliseconds busy_timeout) {
  auto database = std::make_unique<SQLite::Database>(file.string(), SQLite::OPEN_READONLY | SQLite::OPEN_NOMUTEX,
                                                     static_cast<int>(busy_timeout.count()));
  database->exec("PRAGMA trusted_schema = OFF");
  return database;
}

Error to_error(const std::filesystem::path& file, int code, std::string_view text) {
  const auto make = [&](Errc errc, std::string_view advice) {
    std::string detail = "the database ";
    detail.append(quoted(file)).append(advice).append(" (SQLite: ").append(text).append(")");
    return Error{errc, std::move(detail)};
  };
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return make(Errc::kServiceUnavailable, " is locked by another program; close that program, or try again");
    case SQLITE_FULL:
      return make(Errc::kIo, " found the disk full; nothing was changed, free some space");
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return make(Errc::kCorrupt, " is damaged or not a database; move it away to start empty, or restore a backup");
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return make(Errc::kIo, " cannot be written; check the rights of the file and of its directory");
    default:
      return make(Errc::kIo, " failed; check the disk and the kernel's log");
  }
}

}  // namespace heliograph::store
