// What of a stream's life is counted.
#include "server/events/event_stream.hpp"

#include <gtest/gtest.h>

namespace heliograph::server::events {
namespace {

TEST(EventStreamTest, ReaderThatStallsIsCountedAsDroppedAndOneThatGoesIsNot) {
  EventRing ring("test");
  EventMeter meter;
  {
    EventStream stalled(ring, meter, {});
    EventStream gone(ring, meter, {});
    EXPECT_EQ(meter.streams.load(), 2U);

    stalled.on_stall();
  }

  EXPECT_EQ(meter.streams_dropped.load(), 1U);
  EXPECT_EQ(meter.streams.load(), 0U);
}

}  // namespace
}  // namespace heliograph::server::events
