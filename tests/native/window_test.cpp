// `heliograph viewer --window` on a display of its own: Xvfb, whose screen is read from the file that it keeps it in.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <filesystem>
#include <sstream>

#include "support/stream_fixture.hpp"

namespace heliograph::test {
namespace {

using std::chrono::milliseconds;
using ::testing::HasSubstr;

struct Colour {
  int red;
  int green;
  int blue;
};

/// The upper part of SMPTE's bars, from the left to the right.
constexpr std::array<Colour, 7> kBars = {Colour{253, 253, 253}, {253, 253, 0}, {0, 253, 253}, {0, 253, 0},
                                         {253, 0, 253},         {253, 0, 0},   {0, 0, 253}};

/// The screen as X keeps it: an XWD file, https://www.x.org/releases/X11R7.7/doc/xorg-docs (XWDFile.h).
class Screen {
 public:
  explicit Screen(const std::string& path) {
    std::ifstream in(path, std::ios::binary);
    bytes_.assign(std::istreambuf_iterator<char>(in), {});
  }
  /// Of 24 bits, each pixel in 32, blue first.
  [[nodiscard]] Colour at(int x, int y) const {
    const std::size_t begin = number(0) + number(19) * 12;
    const std::size_t pixel = begin + static_cast<std::size_t>(y) * number(12) + static_cast<std::size_t>(x) * 4;
    if (bytes_.size() < pixel + 4) return {-1, -1, -1};
    return {byte(pixel + 2), byte(pixel + 1), byte(pixel)};
  }

 private:
  [[nodiscard]] int byte(std::size_t at) const { return static_cast<unsigned char>(bytes_[at]); }
  /// One of the header's, high byte first: 0 its size, 12 bytes in a line, 19 colours in the map.
  [[nodiscard]] std::uint32_t number(std::size_t index) const {
    std::uint32_t value = 0;
    if (bytes_.size() < index * 4 + 4) return 0;
    for (std::size_t i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint32_t>(byte(index * 4 + i));
    return value;
  }
  std::vector<char> bytes_;
};

class WindowTest : public StreamTest {
 protected:
  ~WindowTest() override { ::unsetenv("DISPLAY"); }

  /// The line that is nothing but a number.
  static std::string number_in(const std::string& text) {
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line) && !lines.eof();)
      if (!line.empty() && line.find_first_not_of("0123456789") == std::string::npos) return line;
    return {};
  }
  void start_display() {
    std::filesystem::create_directory(file("screen"));
    // Never reset, which it would be with each last client that leaves, and be deaf meanwhile.
    desktop = std::make_unique<Program>(std::vector<std::string>{"/usr/bin/Xvfb", "-displayfd", "1", "-screen", "0",
                                                                 "640x480x24", "-nolisten", "tcp", "-noreset", "-fbdir",
                                                                 file("screen")});
    // Others write of what they miss around the number, and Xvfb of numbers that are taken.
    while ((display = number_in(desktop->text())).empty()) {
      desktop->forget();
      ASSERT_TRUE(desktop->says("\n")) << desktop->text();
    }
    display.insert(0, ":");
    ::setenv("DISPLAY", display.c_str(), 1);
    ::unsetenv("WAYLAND_DISPLAY");
  }
  [[nodiscard]] int windows(std::vector<std::string> more = {}) const {
    more.insert(more.begin(), {HELIOGRAPH_WINDOWS, display});
    Program user(more);
    EXPECT_EQ(user.end(), 0) << user.text();
    return std::atoi(user.text().c_str());
  }
  /// Whether the picture, 320 × 180, is somewhere on the screen; windows are put into its upper left corner.
  [[nodiscard]] bool shows_bars() const {
    const Screen screen(file("screen/Xvfb_screen0"));
    for (std::size_t bar = 0; bar < kBars.size(); ++bar) {
      // Below the clock, and in the lower half: pictures are sent in two slices.
      const Colour seen = screen.at(static_cast<int>(bar * 320 / 7 + 23), 100);
      const Colour meant = kBars[bar];
      for (const int distance : {seen.red - meant.red, seen.green - meant.green, seen.blue - meant.blue})
        if (std::abs(distance) > 40) return false;
    }
    return true;
  }
  template <class Condition>
  static bool await(Program& program, Condition condition) {
    const auto end = Program::Clock::now() + Program::kPatience;
    while (!condition()) {
      if (Program::Clock::now() > end) return false;
      static_cast<void>(program.says("never said", milliseconds(100)));
    }
    return true;
  }

  std::unique_ptr<Program> desktop;
  std::string display;
};

TEST_F(WindowTest, ShowsThePictureAlsoOfTheNextMasterAndLeavesNothing) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_display());
  auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  // Where there is a display a window is what one gets. There is no sound device here, which must not matter.
  const auto watcher = viewer();
  EXPECT_TRUE(await(*watcher, [this]() { return shows_bars(); })) << watcher->text();
  EXPECT_EQ(windows(), 1);

  sender->kill();
  sender = master({"--codec", "vp8"});
  ASSERT_TRUE(watcher->says("calling the master again")) << watcher->text();
  EXPECT_TRUE(receives_more(*watcher)) << watcher->text();
  EXPECT_TRUE(await(*watcher, [this]() { return windows() == 1 && shows_bars(); })) << watcher->text();

  watcher->signal(SIGINT);
  EXPECT_EQ(watcher->end(), 0) << watcher->text();
  EXPECT_EQ(windows(), 0);
  EXPECT_FALSE(shows_bars());
}

TEST_F(WindowTest, ClosingTheWindowEndsTheViewer) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_NO_FATAL_FAILURE(start_display());
  const auto sender = master();
  ASSERT_TRUE(is_open(*sender)) << sender->text();
  const auto watcher = viewer({"--window"});
  ASSERT_TRUE(await(*watcher, [this]() { return shows_bars(); })) << watcher->text();

  EXPECT_EQ(windows({"close"}), 1);

  EXPECT_TRUE(watcher->says("the window was closed")) << watcher->text();
  EXPECT_EQ(watcher->end(), 0) << watcher->text();
  EXPECT_TRUE(last_event(watcher->text(), "summary").at("received").as_bool());
  EXPECT_TRUE(sender->says(R"("event":"left")")) << sender->text();
}

TEST_F(WindowTest, WithoutADisplayItSaysSo) {
  ASSERT_NO_FATAL_FAILURE(start_service());
  ASSERT_EQ(result_of({"channel", "create", "cam"}).first, 0);
  for (const char* name : {"DISPLAY", "WAYLAND_DISPLAY"}) ::unsetenv(name);

  const auto nowhere = result_of({"viewer", "cam", "--window"});
  ::setenv("DISPLAY", ":65000", 1);
  const auto wrong = result_of({"viewer", "cam", "--window"});
  const auto by_default = result_of({"viewer", "cam", "--for", "1"});

  EXPECT_EQ(nowhere.first, 1);
  EXPECT_THAT(nowhere.second, HasSubstr("--window: there is no display: neither DISPLAY nor WAYLAND_DISPLAY is set; "
                                        "--record FILE and --headless need none"));
  EXPECT_EQ(wrong.first, 1);
  EXPECT_THAT(wrong.second, HasSubstr("no window can be opened on display :65000"));
  EXPECT_THAT(by_default.second, HasSubstr("; counting only"));
  EXPECT_THAT(by_default.second, HasSubstr(R"("event":"summary")"));
}

}  // namespace
}  // namespace heliograph::test
