// Files under the data directory.
#include "server/data_dir.hpp"

#include <fcntl.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <utility>

#include "base/read_file.hpp"

namespace heliograph::server {
namespace {

Error io_error(const std::filesystem::path& path, const char* doing, int code) {
  return {Errc::kIo, std::string("cannot ") + doing + " " + path.string() + ": " + std::strerror(code)};
}

bool write_all(int file, std::string_view content) {
  while (!content.empty()) {
    const ssize_t written = ::write(file, content.data(), content.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return false;
    content.remove_prefix(static_cast<std::size_t>(written));
  }
  return true;
}

}  // namespace

Result<DataDir> DataDir::open(const std::filesystem::path& path) {
  std::error_code error;
  const bool is_new = std::filesystem::create_directories(path, error);
  if (error) return io_error(path, "make the data directory", error.value());
  // Only what we made is ours to close; in a directory of somebody else's the files' own modes protect them.
  if (is_new && ::chmod(path.c_str(), 0700) != 0) return io_error(path, "set the mode of", errno);
  const auto lock_path = path / "lock";
  const int lock = ::open(lock_path.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0600);
  if (lock < 0) return io_error(lock_path, "write", errno);
  if (::flock(lock, LOCK_EX | LOCK_NB) != 0) {
    ::close(lock);
    return Error{Errc::kResourceInUse, "another heliographd uses the data directory " + path.string() +
                                           "; stop it, or give this one its own with --data"};
  }
  return DataDir(std::filesystem::absolute(path), lock);
}

DataDir::DataDir(DataDir&& other) noexcept : path_(std::move(other.path_)), lock_(std::exchange(other.lock_, -1)) {}

DataDir& DataDir::operator=(DataDir&& other) noexcept {
  std::swap(path_, other.path_);
  std::swap(lock_, other.lock_);
  return *this;
}

DataDir::~DataDir() {
  if (lock_ >= 0) ::close(lock_);
}

Result<void> write_private_file(const std::filesystem::path& path, std::string_view content) {
  auto temporary = path;
  temporary += ".new";
  const int file = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
  if (file < 0) return io_error(temporary, "write", errno);
  const bool written = write_all(file, content) && ::fsync(file) == 0;
  const int code = errno;
  ::close(file);
  if (!written) {
    ::unlink(temporary.c_str());
    return io_error(path, "write", code);
  }
  if (::rename(temporary.c_str(), path.c_str()) != 0) return io_error(path, "replace", errno);
  return {};
}

Result<std::string> read_file(const std::filesystem::path& path) { return heliograph::read_file(path); }

}  // namespace heliograph::server
