// DataDir: the directory that holds everything a heliographd keeps, locked against a second one.
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

#include "heliograph/result.hpp"

namespace heliograph::server {

/// Move-only; the lock goes with the object.
class DataDir {
 public:
  /// Makes the directory (mode 0700) if it is missing and locks it. Fails with kIo when it cannot be written, and with
  /// kResourceInUse when another heliographd uses it.
  [[nodiscard]] static Result<DataDir> open(const std::filesystem::path& path);
  DataDir(DataDir&& other) noexcept;
  DataDir& operator=(DataDir&& other) noexcept;
  DataDir(const DataDir&) = delete;
  DataDir& operator=(const DataDir&) = delete;
  ~DataDir();

  [[nodiscard]] const std::filesystem::path& path() const noexcept { return path_; }

 private:
  DataDir(std::filesystem::path path, int lock) : path_(std::move(path)), lock_(lock) {}

  std::filesystem::path path_;
  int lock_ = -1;
};

/// Writes a whole file with mode 0600 so that a reader sees the old content or the new, never half: a temporary file,
/// fsync, rename.
[[nodiscard]] Result<void> write_private_file(const std::filesystem::path& path, std::string_view content);
/// The whole content, as base/read_file.hpp has it; kResourceNotFound when there is no such file, kIo otherwise.
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path);

}  // namespace heliograph::server
