// Standard output: whether what was printed has arrived.
#pragma once

namespace heliograph::cli {

/// 0, or why (errno) not all that was printed was written.
[[nodiscard]] int flush_output() noexcept;

/// Whether it is a pipe, or a socket, whose other end is closed; also before anything is written to it.
[[nodiscard]] bool is_output_gone() noexcept;

/// What nobody wants any more is not missed by end_output().
void drop_output() noexcept;

/// The exit code of a command that ended with `code`: 1, with a line on standard error, when its output is not whole.
[[nodiscard]] int end_output(int code) noexcept;

}  // namespace heliograph::cli
