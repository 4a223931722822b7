// The text format, line by line.
#include "server/metrics/exposition.hpp"

#include <gtest/gtest.h>

namespace heliograph::server::metrics {
namespace {

using std::chrono::microseconds;
using std::chrono::milliseconds;
using Type = Exposition::Type;

TEST(ExpositionTest, MetricsHaveHelpTypeAndSamples) {
  Exposition out;
  out.begin("one_total", Type::kCounter, "One.");
  out.add(7);
  out.begin("two", Type::kGauge, "Two.");
  out.add(1, {{"a", "x"}, {"b", "y"}});
  out.add_seconds(0.25, {{"a", "z"}});

  EXPECT_EQ(out.text(),
            "# HELP one_total One.\n# TYPE one_total counter\none_total 7\n"
            "# HELP two Two.\n# TYPE two gauge\ntwo{a=\"x\",b=\"y\"} 1\ntwo{a=\"z\"} 0.25\n");
}

TEST(ExpositionTest, LabelsAreEscaped) {
  Exposition out;
  out.begin("m", Type::kGauge, "M.");
  out.add(1, {{"l", "a\"b\\c\nd"}});

  EXPECT_NE(out.text().find(R"(m{l="a\"b\\c\nd"} 1)"), std::string::npos) << out.text();
}

TEST(ExpositionTest, LargeAndSmallNumbersAreWrittenOut) {
  Exposition out;
  out.begin("m", Type::kGauge, "M.");
  out.add(18'446'744'073'709'551'615U);
  out.add_seconds(1'795'253'345.125);
  out.add_seconds(0.000001);

  EXPECT_NE(out.text().find("m 18446744073709551615\nm 1795253345.125\nm 0.000001\n"), std::string::npos) << out.text();
}

TEST(ExpositionTest, HistogramsAreCumulativeAndEndWithInfinity) {
  Histogram histogram;
  histogram.observe(microseconds(400));
  histogram.observe(microseconds(500));  // A bound belongs to its bucket.
  histogram.observe(milliseconds(20));
  histogram.observe(std::chrono::seconds(60));
  Exposition out;
  out.begin("h", Type::kHistogram, "H.");
  out.add(histogram.counts(), {{"k", "v"}});

  EXPECT_EQ(out.text(),
            "# HELP h H.\n# TYPE h histogram\n"
            "h_bucket{k=\"v\",le=\"0.0005\"} 2\nh_bucket{k=\"v\",le=\"0.001\"} 2\nh_bucket{k=\"v\",le=\"0.0025\"} 2\n"
            "h_bucket{k=\"v\",le=\"0.01\"} 2\nh_bucket{k=\"v\",le=\"0.025\"} 3\nh_bucket{k=\"v\",le=\"0.1\"} 3\n"
            "h_bucket{k=\"v\",le=\"0.25\"} 3\nh_bucket{k=\"v\",le=\"1\"} 3\nh_bucket{k=\"v\",le=\"5\"} 3\n"
            "h_bucket{k=\"v\",le=\"+Inf\"} 4\nh_sum{k=\"v\"} 60.0209\nh_count{k=\"v\"} 4\n");
}

}  // namespace
}  // namespace heliograph::server::metrics
