// read_file: a whole file that an operator or a user has named, read with care.
#pragma once

#include <cstddef>
#include <filesystem>
#include <string>

#include "heliograph/result.hpp"

namespace heliograph {

/// More than any file that is read whole: keys, policies, lists of keys, pages of the console.
inline constexpr std::size_t kMostReadWhole = std::size_t{16} << 20U;

/// The content of a file, or of a pipe until its writer closes it (`--policy <(…)`), for which it waits. Fails with
/// kResourceNotFound when there is no such file; with kIo when it is a directory or a device, holds more than `most`
/// bytes, or cannot be read. The text says which: "cannot read /etc/heliograph: it is a directory".
[[nodiscard]] Result<std::string> read_file(const std::filesystem::path& path, std::size_t most = kMostReadWhole);

}  // namespace heliograph
