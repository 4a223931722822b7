// MeteredStore: a store that is timed.
#pragma once

#include <chrono>
#include <type_traits>
#include <utility>

#include "server/metrics/histogram.hpp"
#include "store/store.hpp"

namespace heliograph::server::metrics {

/// Passes everything on. Threads and errors: the store's. The store must outlive it.
class MeteredStore final : public store::Store {
 public:
  explicit MeteredStore(store::Store& store) : store_(store) {}

  [[nodiscard]] const Histogram& reads() const noexcept { return reads_; }
  [[nodiscard]] const Histogram& writes() const noexcept { return writes_; }

  [[nodiscard]] const wire::ArnScope& scope() const noexcept override { return store_.scope(); }
  [[nodiscard]] Result<store::Channel> create_channel(const store::NewChannel& wanted, WallTime now) override {
    return timed(writes_, [&]() { return store_.create_channel(wanted, now); });
  }
  [[nodiscard]] Result<store::Channel> channel_by_name(std::string_view name) const override {
    return timed(reads_, [&]() { return store_.channel_by_name(name); });
  }
  [[nodiscard]] Result<store::Channel> channel_by_arn(const ChannelArn& arn) const override {
    return timed(reads_, [&]() { return store_.channel_by_arn(arn); });
  }
  [[nodiscard]] std::optional<store::Channel> recall_channel(const ChannelArn& arn) const override {
    return store_.recall_channel(arn);
  }
  [[nodiscard]] Result<store::ChannelPage> list_channels(const store::ChannelQuery& query) const override {
    return timed(reads_, [&]() { return store_.list_channels(query); });
  }
  [[nodiscard]] Result<store::Channel> update_channel(const ChannelArn& arn, std::string_view version,
                                                      std::chrono::seconds message_ttl) override {
    return timed(writes_, [&]() { return store_.update_channel(arn, version, message_ttl); });
  }
  [[nodiscard]] Result<void> delete_channel(const ChannelArn& arn, const std::optional<std::string>& version) override {
    return timed(writes_, [&]() { return store_.delete_channel(arn, version); });
  }
  [[nodiscard]] Result<void> tag_channel(const ChannelArn& arn, const store::Tags& tags) override {
    return timed(writes_, [&]() { return store_.tag_channel(arn, tags); });
  }
  [[nodiscard]] Result<void> untag_channel(const ChannelArn& arn, const std::vector<std::string>& keys) override {
    return timed(writes_, [&]() { return store_.untag_channel(arn, keys); });
  }
  [[nodiscard]] Result<store::Tags> channel_tags(const ChannelArn& arn) const override {
    return timed(reads_, [&]() { return store_.channel_tags(arn); });
  }
  [[nodiscard]] Result<store::Stream> create_stream(const store::NewStream& wanted, WallTime now) override {
    return timed(writes_, [&]() { return store_.create_stream(wanted, now); });
  }
  [[nodiscard]] Result<store::Stream> stream_by_name(std::string_view name) const override {
    return timed(reads_, [&]() { return store_.stream_by_name(name); });
  }
  [[nodiscard]] Result<store::Stream> stream_by_arn(const StreamArn& arn) const override {
    return timed(reads_, [&]() { return store_.stream_by_arn(arn); });
  }
  [[nodiscard]] Result<store::StreamPage> list_streams(const store::ChannelQuery& query) const override {
    return timed(reads_, [&]() { return store_.list_streams(query); });
  }
  [[nodiscard]] Result<store::Stream> change_stream(const StreamArn& arn, const std::optional<std::string>& version,
                                                    const std::function<Result<void>(store::Stream&)>& edit) override {
    return timed(writes_, [&]() { return store_.change_stream(arn, version, edit); });
  }
  [[nodiscard]] Result<void> delete_stream(const StreamArn& arn, const std::optional<std::string>& version) override {
    return timed(writes_, [&]() { return store_.delete_stream(arn, version); });
  }
  [[nodiscard]] std::size_t channel_count() const noexcept override { return store_.channel_count(); }

 private:
  template <class Call>
  static std::invoke_result_t<Call> timed(Histogram& histogram, Call&& call) {
    const auto start = std::chrono::steady_clock::now();
    auto result = std::forward<Call>(call)();
    histogram.observe(std::chrono::steady_clock::now() - start);
    return result;
  }

  store::Store& store_;
  mutable Histogram reads_;
  mutable Histogram writes_;
};

}  // namespace heliograph::server::metrics
