// What a native peer costs: memory, threads and CPU per viewer at 720p, and how long a viewer takes to come and to go.
// Both ends are in one process; the receiving ones only count frames, so that most of what is measured is the sender's.
//
//   bench_peer [VIEWERS] [H264|VP8]
//
// Ends with 1 when a viewer sees nothing, or when what many of them leave behind grows.
#include <sys/resource.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>
#include <vector>

#include "heliograph/peer_connection.hpp"

namespace {

using namespace heliograph;
using Clock = std::chrono::steady_clock;

/// Between the first hundred joins and the last; what was measured went up and down by 34 MiB.
constexpr long kMostGrowthKib = 64 * 1024;

/// A viewer and the sender's connection to it.
struct Pair {
  std::shared_ptr<MediaSink> sink = MediaSink::headless();
  std::unique_ptr<PeerConnection> viewer;
  std::unique_ptr<PeerConnection> master;
};

void join_sides(Pair& pair, const std::shared_ptr<EventLoop>& loop, const std::shared_ptr<MediaSource>& source,
                Codec codec) {
  const auto handlers_to = [](std::unique_ptr<PeerConnection>& other) {
    return PeerConnection::Handlers{
        .on_local_description = [&](const SessionDescription& text) { (void)other->set_remote_description(text); },
        .on_ice_candidate = [&](const IceCandidate& candidate) { (void)other->add_ice_candidate(candidate); }};
  };
  PeerConnection::Config viewing;
  viewing.loop = loop;
  viewing.codecs = {codec, Codec::kOpus};
  PeerConnection::Config sending = viewing;
  viewing.receive_video = viewing.receive_audio = true;
  viewing.sink = pair.sink;
  sending.send = source;
  pair.viewer = *PeerConnection::create(viewing, handlers_to(pair.master));
  pair.master = *PeerConnection::create(sending, handlers_to(pair.viewer));
  (void)pair.viewer->create_offer();
}

double cpu_seconds() {
  rusage usage{};
  ::getrusage(RUSAGE_SELF, &usage);
  return static_cast<double>(usage.ru_utime.tv_sec + usage.ru_stime.tv_sec) +
         static_cast<double>(usage.ru_utime.tv_usec + usage.ru_stime.tv_usec) / 1e6;
}

long resident_kib() {
  std::ifstream file("/proc/self/statm");
  long size = 0;
  long resident = 0;
  file >> size >> resident;
  return resident * ::sysconf(_SC_PAGESIZE) / 1024;
}

long threads() {
  long count = 0;
  for (const auto& entry : std::filesystem::directory_iterator("/proc/self/task"))
    count += entry.path().empty() ? 0 : 1;
  return count;
}

double ms_since(Clock::time_point start) {
  return std::chrono::duration<double, std::milli>(Clock::now() - start).count();
}

struct Sample {
  double cpu;  ///< Of one core.
  long kib;
  long threads;
  double frames;  ///< Per second and viewer.
};

std::uint64_t frames_of(const std::vector<std::unique_ptr<Pair>>& pairs) {
  std::uint64_t frames = 0;
  for (const auto& pair : pairs) frames += pair->sink->stats(MediaKind::kVideo).frames;
  return frames;
}

Sample measure(const std::vector<std::unique_ptr<Pair>>& pairs) {
  const double cpu = cpu_seconds();
  const std::uint64_t frames = frames_of(pairs);
  const auto start = Clock::now();
  std::this_thread::sleep_for(std::chrono::seconds(6));
  const double seconds = ms_since(start) / 1000;
  const auto shown = static_cast<double>(frames_of(pairs) - frames);
  return {(cpu_seconds() - cpu) / seconds, resident_kib(), threads(),
          pairs.empty() ? 0 : shown / seconds / static_cast<double>(pairs.size())};
}

void print(std::size_t viewers, const Sample& sample) {
  std::printf("%zu viewers: %.1f %% of a core, %ld MiB resident, %ld threads, %.1f frames/s each\n", viewers,
              sample.cpu * 100, sample.kib / 1024, sample.threads, sample.frames);
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t most = argc > 1 ? static_cast<std::size_t>(std::max(1, std::atoi(argv[1]))) : 6;
  const Codec codec = argc > 2 && std::string_view(argv[2]) == "VP8" ? Codec::kVp8 : Codec::kH264;
  const auto loop = *EventLoop::create();
  MediaSource::Options options;  // 1280 × 720, 30 frames a second.
  const auto source = *MediaSource::create(options);
  print(0, measure({}));
  std::vector<std::unique_ptr<Pair>> pairs;
  std::vector<double> came;
  std::vector<double> went;
  while (pairs.size() < most) {
    const auto start = Clock::now();
    pairs.push_back(std::make_unique<Pair>());
    join_sides(*pairs.back(), loop, source, codec);
    while (pairs.back()->sink->stats(MediaKind::kVideo).frames == 0) {
      if (ms_since(start) > 20'000) return std::fprintf(stderr, "a viewer saw nothing in 20 s\n"), 1;
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    }
    came.push_back(ms_since(start));
    if (pairs.size() == 1 || pairs.size() == most) print(pairs.size(), measure(pairs));
  }
  for (auto& pair : pairs) {
    const auto start = Clock::now();
    pair->master.reset();
    went.push_back(ms_since(start));
  }
  pairs.clear();
  print(0, measure({}));
  std::sort(came.begin(), came.end());
  std::sort(went.begin(), went.end());
  std::printf(
      "from nothing to the first frame: median %.0f ms; tear-down of a connection: median %.0f ms, worst %.0f ms\n",
      came[came.size() / 2], went[went.size() / 2], went.back());
  // Whether what is left behind grows: half of them go while they are still looking for a way.
  long kib_at_first = 0;
  long kib = 0;
  for (int i = 1; i <= 500; ++i) {
    Pair pair;
    join_sides(pair, loop, source, codec);
    const auto start = Clock::now();
    while (i % 2 == 0 && pair.sink->stats(MediaKind::kVideo).frames == 0 && ms_since(start) < 20'000)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    pair.viewer.reset();
    pair.master.reset();
    if (i % 100 != 0) continue;
    kib = resident_kib();
    if (i == 100) kib_at_first = kib;
    std::printf("after %d joins more: %ld MiB resident, %ld threads\n", i, kib / 1024, threads());
  }
  if (kib <= kib_at_first + kMostGrowthKib) return 0;
  std::fprintf(stderr, "what viewers leave behind grows: %ld MiB in 400 joins\n", (kib - kib_at_first) / 1024);
  return 1;
}
