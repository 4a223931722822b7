// SQLite connections: opening them the way the store needs, and turning SQLite's errors into ours.
#include "store/sqlite_connection.hpp"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

namespace heliograph::store {
namespace {

std::string quoted(const std::filesystem::path& file) { return "\"" + file.string() + "\""; }

Error file_error(const std::filesystem::path& file, std::string_view what, int problem) {
  return {Errc::kIo, std::string(what) + " " + quoted(file) + ": " + std::generic_category().message(problem) +
                         "; check that the directory exists and that this user may write there"};
}

}  // namespace

Result<void> make_private_file(const std::filesystem::path& file) {
  const int handle = ::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, S_IRUSR | S_IWUSR);
  if (handle < 0) return file_error(file, "cannot open the database", errno);
  struct stat status {};
  int problem = 0;
  if (::fstat(handle, &status) != 0) {
    problem = errno;
  } else if ((status.st_mode & (S_IRWXG | S_IRWXO)) != 0 && ::fchmod(handle, S_IRUSR | S_IWUSR) != 0) {
    problem = errno;
  }
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
  const std::string said = " (SQLite: " + std::string(text) + ")";
  switch (code & 0xFF) {
    case SQLITE_BUSY:
    case SQLITE_LOCKED:
      return {Errc::kServiceUnavailable, "the database " + quoted(file) +
                                             " is locked by another program; close that program, or try again" + said};
    case SQLITE_FULL:
      return {Errc::kIo,
              "the disk of the database " + quoted(file) + " is full; nothing was changed, free some space" + said};
    case SQLITE_CORRUPT:
    case SQLITE_NOTADB:
      return {Errc::kCorrupt, "the database " + quoted(file) +
                                  " is damaged or not a database; move it away to start empty, or restore a backup" +
                                  said};
    case SQLITE_READONLY:
    case SQLITE_CANTOPEN:
    case SQLITE_PERM:
    case SQLITE_AUTH:
      return {Errc::kIo, "the database " + quoted(file) +
                             " cannot be written; check the rights of the file and of its directory" + said};
    default:
      return {Errc::kIo, "the database " + quoted(file) + " failed; check the disk and the kernel's log" + said};
  }
}

}  // namespace heliograph::store
