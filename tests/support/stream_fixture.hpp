// StreamTest: masters and viewers of one channel, each a program of its own.
#pragma once

#include <array>
#include <cstdlib>
#include <fstream>

#include "support/native_fixture.hpp"

namespace heliograph::test {

class StreamTest : public NativeTest {
 protected:
  [[nodiscard]] std::unique_ptr<Program> master(std::vector<std::string> more = {}) const {
    more.insert(more.begin(),
                {"master", "cam", "--create", "--json", "--size", "320x180", "--fps", "15", "--bitrate", "300"});
    return run(more);
  }
  [[nodiscard]] std::unique_ptr<Program> viewer(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {"viewer", "cam", "--stats"});
    return run(more);
  }
  static bool is_open(Program& program) { return program.says(R"("event":"open")"); }
  /// Waits until it has more frames than it had.
  static bool receives_more(Program& program) {
    const auto frames = [&program]() {
      const auto stats = last_event(program.text(), "stats");
      return stats.empty() ? std::int64_t{0} : stats.at("video").at("frames").to_number<std::int64_t>();
    };
    const std::int64_t before = frames();
    for (int i = 0; i < 40; ++i) {
      program.forget();
      if (!program.says(R"("event":"stats")")) return false;
      if (frames() > before) return true;
    }
    return false;
  }
  /// Has a viewer watch for three seconds and end.
  static void watch_and_end(Program& watcher) {
    const auto has_enough = [&watcher]() {
      const auto stats = last_event(watcher.text(), "stats");
      return !stats.empty() && stats.at("video").at("frames").to_number<int>() >= 45;
    };
    const auto end = Program::Clock::now() + Program::kPatience;
    while (!has_enough() && Program::Clock::now() < end) {
      watcher.forget();
      ASSERT_TRUE(watcher.says(R"("event":"stats")")) << watcher.text();
    }
    watcher.signal(SIGINT);
    EXPECT_EQ(watcher.end(), 0) << watcher.text();
  }
  /// Red, green and blue of a pixel, two seconds from the start, as ffmpeg decodes it.
  static std::array<int, 3> colour_in(const std::string& file, int x, int y) {
    const std::string crop = "crop=2:2:" + std::to_string(x) + ":" + std::to_string(y) + ",format=rgb24";
    const std::string pixels = file + ".rgb";
    Program shot({"/usr/bin/ffmpeg", "-v", "error", "-y", "-ss", "2", "-i", file, "-frames:v", "1", "-vf", crop, "-f",
                  "rawvideo", pixels});
    EXPECT_EQ(shot.end(), 0) << shot.text();
    std::ifstream in(pixels, std::ios::binary);
    std::array<char, 3> bytes{};
    EXPECT_TRUE(in.read(bytes.data(), bytes.size()));
    const auto value = [&](std::size_t i) { return static_cast<int>(static_cast<unsigned char>(bytes[i])); };
    return {value(0), value(1), value(2)};
  }
  /// As ffprobe has it; seconds.
  static double duration_of(const std::string& file) {
    Program probe({"/usr/bin/ffprobe", "-v", "error", "-show_entries", "format=duration", "-of", "csv=p=0", file});
    EXPECT_EQ(probe.end(), 0) << probe.text();
    return std::atof(probe.text().c_str());
  }
};

}  // namespace heliograph::test
