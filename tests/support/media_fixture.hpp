// What tests of media share: small sources, and one viewer of a source.
#pragma once

#include <array>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#ifdef __SANITIZE_ADDRESS__
/// Of sanitizer/allocator_interface.h, which Debian has for clang only.
extern "C" std::size_t __sanitizer_get_current_allocated_bytes();
#else
#include <unistd.h>
#endif

#include "heliograph/media_source.hpp"
#include "support/peer_pair.hpp"

namespace heliograph::test {

/// Cheap to encode.
inline MediaSource::Options small_options(MediaSource::Input input = MediaSource::TestPattern{}) {
  MediaSource::Options options;
  options.input = std::move(input);
  options.width = 320;
  options.height = 180;
  options.frames_per_second = 15;
  options.video_kbps = 300;
  options.log = [](LogLevel, std::string_view line) {
    std::printf("  %.*s\n", static_cast<int>(line.size()), line.data());
  };
  return options;
}

inline std::shared_ptr<MediaSource> small_source(MediaSource::Options options = small_options()) {
  auto made = MediaSource::create(std::move(options));
  EXPECT_TRUE(made) << made.error().detail;
  return *std::move(made);
}

/// A connection in which the viewer offers, and the master sends from a source.
class Viewing {
 public:
  Viewing(const std::shared_ptr<MediaSource>& source, Codec video, std::shared_ptr<EventLoop> loop,
          bool with_audio = true, std::shared_ptr<MediaSink> taker = MediaSink::headless())
      : sink(std::move(taker)), pair(std::move(loop)) {
    auto viewing = pair.config();
    viewing.receive_video = true;
    viewing.receive_audio = with_audio;
    viewing.codecs = {video, Codec::kOpus};
    viewing.sink = sink;
    auto sending = pair.config();
    sending.send = source;
    pair.viewer.open(viewing);
    pair.master.open(sending);
    const auto offered = pair.viewer.peer->create_offer();
    EXPECT_TRUE(offered) << offered.error().detail;
  }
  [[nodiscard]] std::uint64_t frames() const { return sink->stats(MediaKind::kVideo).frames; }
  [[nodiscard]] bool await_frames(std::uint64_t least) {
    return pair.board.await([&]() { return frames() >= least; });
  }

  std::shared_ptr<MediaSink> sink;
  PeerPair pair;
};

/// What a program says on its standard output.
inline std::string output_of(const std::string& command) {
  std::string text;
  FILE* const pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return text;
  std::array<char, 4096> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), pipe)) text.append(piece.data(), got);
  ::pclose(pipe);
  return text;
}

/// So much more or less says nothing of what is left behind.
#ifdef __SANITIZE_ADDRESS__
inline constexpr std::size_t kMemoryNoise = std::size_t{2} << 20U;
#else
inline constexpr std::size_t kMemoryNoise = std::size_t{48} << 20U;
#endif
/// Bytes of memory that the process holds: what is resident, or, where AddressSanitizer keeps what was freed,
/// allocated.
inline std::size_t memory_in_use() {
#ifdef __SANITIZE_ADDRESS__
  return __sanitizer_get_current_allocated_bytes();
#else
  std::ifstream file("/proc/self/statm");
  std::size_t size = 0;
  std::size_t resident = 0;
  file >> size >> resident;
  return resident * static_cast<std::size_t>(::sysconf(_SC_PAGESIZE));
#endif
}

/// How many entries a folder of /proc/self has: its threads ("task"), its descriptors ("fd").
inline std::size_t count_of(const char* what) {
  std::size_t count = 0;
  for (const auto& entry : std::filesystem::directory_iterator(std::string("/proc/self/") + what))
    if (!entry.path().empty()) ++count;
  return count;
}

}  // namespace heliograph::test
