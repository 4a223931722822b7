// The part of PeerCore that tells how the connection is doing, and has senders follow it.
#include <algorithm>
#include <utility>

#include "peer/peer_core.hpp"
#include "peer/stats_reader.hpp"

namespace heliograph::peer {
namespace {

constexpr std::chrono::milliseconds kPathInterval{1000};

/// Somebody's question for statistics, which is answered once: with kClosed if it goes before.
class Question {
 public:
  using Answered = std::function<void(Result<PeerStats>)>;
  Question(const std::shared_ptr<HandlerGate>& gate, Answered done) : gate_(gate), done_(std::move(done)) {}
  Question(const Question&) = delete;
  Question& operator=(const Question&) = delete;
  ~Question() {
    if (const auto gate = gate_.lock(); gate != nullptr && done_)
      gate->post([done = std::move(done_)]() { done(Errc::kClosed); });
  }
  /// In a handler.
  void answer(PeerStats stats) { std::exchange(done_, nullptr)(std::move(stats)); }

 private:
  const std::weak_ptr<HandlerGate> gate_;  ///< It may wait in the gate, which goes unasked when its loop does.
  Answered done_;
};

/// What the other side has reported of a track that is sent, and what a track that is received has lost.
void add_reports(TrackStats& track, const RtcpReports& reports, std::uint32_t ssrc,
                 std::optional<std::chrono::microseconds>& round_trip) {
  if (!track.is_sent) {
    track.packets_lost = reports.lost_of_received(ssrc).value_or(0);
    return;
  }
  const auto report = reports.of_sent(ssrc);
  if (!report) return;
  const int clock_rate = track.kind == MediaKind::kVideo ? 90'000 : 48'000;
  track.packets_lost = report->packets_lost;
  track.loss = report->loss;
  track.jitter = std::chrono::microseconds(std::int64_t{report->jitter} * 1'000'000 / clock_rate);
  if (report->round_trip) round_trip = report->round_trip;
}

}  // namespace

void PeerCore::ask_stats(std::function<void(PeerCore&, PeerStats)> done) {
  auto told = from_gstreamer([call = std::move(done)](PeerCore& self, const RawStats& raw) {
    PeerStats stats{.local = raw.local, .remote = raw.remote};
    for (const RawTrack& one : raw.tracks) {
      TrackStats track = one.stats;
      const auto sender = std::find_if(self.senders_.begin(), self.senders_.end(),
                                       [&](const auto& known) { return known->ssrc() == one.ssrc; });
      const auto received = std::find_if(self.tracks_.begin(), self.tracks_.end(),
                                         [&](const auto& known) { return known->ssrc() == one.ssrc; });
      if (track.is_sent && sender != self.senders_.end()) {
        track.codec = (*sender)->codec();
        track.frames = (*sender)->frames();
        track.frames_dropped = (*sender)->frames_dropped();
        if (kind_of(track.codec) == MediaKind::kVideo) track.target_kbps = (*sender)->target_kbps();
      } else if (!track.is_sent && received != self.tracks_.end()) {
        track.codec = (*received)->codec();
        track.frames = (*received)->frames();
      } else {
        continue;  // Retransmissions, and sources that only report.
      }
      track.kind = kind_of(track.codec);
      add_reports(track, *self.reports_, one.ssrc, stats.round_trip);
      stats.tracks.push_back(track);
    }
    call(self, std::move(stats));
  });
  GstPromise* const promise = make_promise([told](const GstStructure* reply) { told(read_stats(reply)); });
  g_signal_emit_by_name(webrtc_.get(), "get-stats", nullptr, promise);
}

void PeerCore::complete(PeerStats& stats, ByteMemory& memory) {
  const auto now = std::chrono::steady_clock::now();
  for (TrackStats& track : stats.tracks) {
    // One track of a kind and a way: that names it.
    const auto key = static_cast<std::uint32_t>(track.kind) * 2U + (track.is_sent ? 1U : 0U);
    const auto before = memory.find(key);
    if (before != memory.end() && track.bytes >= before->second.second) {
      const double passed = std::chrono::duration<double>(now - before->second.first).count();
      if (passed > 0) track.kbps = static_cast<double>(track.bytes - before->second.second) * 8 / 1000 / passed;
    }
    memory[key] = {now, track.bytes};
  }
}

void PeerCore::watch_paths() {
  const bool has_video = std::any_of(senders_.begin(), senders_.end(),
                                     [](const auto& sender) { return kind_of(sender->codec()) == MediaKind::kVideo; });
  if (!has_video || state_ != State::kConnected || is_refused_) return;
  path_timer_.start(kPathInterval, from_gstreamer([](PeerCore& self) {
                      self.ask_stats([](PeerCore& core, PeerStats stats) {
                        core.complete(stats, core.path_bytes_);
                        for (const TrackStats& track : stats.tracks)
                          for (const auto& sender : core.senders_)
                            if (track.is_sent && sender->codec() == track.codec)
                              sender->on_rare_report(track, stats.round_trip);
                        core.watch_paths();
                      });
                    }));
}

void PeerCore::stats(std::function<void(Result<PeerStats>)> done) {
  later([question = std::make_shared<Question>(gate_, std::move(done))](PeerCore& self) {
    self.ask_stats([question](PeerCore& core, PeerStats stats) {
      core.complete(stats, core.stats_bytes_);
      stats.data_messages_sent = core.data_->messages_sent;
      stats.data_messages_received = core.data_->messages_received;
      stats.data_bytes_sent = core.data_->bytes_sent;
      stats.data_bytes_received = core.data_->bytes_received;
      question->answer(std::move(stats));
    });
  });
}

}  // namespace heliograph::peer
