// By the calls of POSIX: a stream opens a directory without a word, and throws when it is read.
#include "base/read_file.hpp"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

namespace heliograph {
namespace {

class Descriptor {
 public:
  explicit Descriptor(int value) noexcept : value_(value) {}
  ~Descriptor() {
    if (value_ >= 0) ::close(value_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  [[nodiscard]] int get() const noexcept { return value_; }

 private:
  int value_;
};

int open_to_read(const char* path) {
  int file = -1;
  do {
    file = ::open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  } while (file < 0 && errno == EINTR);  // Opening a pipe waits for its writer.
  return file;
}

Error cannot_read(const std::filesystem::path& path, const std::string& why, Errc code = Errc::kIo) {
  return {code, "cannot read " + path.string() + ": " + why};
}

Error cannot_read(const std::filesystem::path& path, int code) {
  const bool is_missing = code == ENOENT || code == ENOTDIR;
  return cannot_read(path, std::generic_category().message(code), is_missing ? Errc::kResourceNotFound : Errc::kIo);
}

}  // namespace

Result<std::string> read_file(const std::filesystem::path& path, std::size_t most) {
  const Descriptor file(open_to_read(path.c_str()));
  if (file.get() < 0) return cannot_read(path, errno);
  struct stat info{};
  if (::fstat(file.get(), &info) != 0) return cannot_read(path, errno);
  if (S_ISDIR(info.st_mode)) return cannot_read(path, "it is a directory");
  if (!S_ISREG(info.st_mode) && !S_ISFIFO(info.st_mode)) return cannot_read(path, "it is neither a file nor a pipe");

  std::string content;
  // The size is a hint only: files of /proc and pipes have none.
  if (info.st_size > 0) content.reserve(std::min(static_cast<std::size_t>(info.st_size), most));
  char buffer[16384];
  for (;;) {
    const ssize_t count = ::read(file.get(), buffer, sizeof buffer);
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) return cannot_read(path, errno);
    if (count == 0) return content;
    if (content.size() + static_cast<std::size_t>(count) > most)
      return cannot_read(path, "it has more than " + std::to_string(most) + " bytes");
    content.append(buffer, static_cast<std::size_t>(count));
  }
}

}  // namespace heliograph
