// The table of partitions, against the one that botocore has.
#include <gtest/gtest.h>

#include <boost/json.hpp>
#include <fstream>
#include <iterator>

#include "heliograph/endpoint.hpp"
#include "sdk/credentials/aws_endpoint.hpp"

namespace heliograph {
namespace {

/// As Debian has it.
constexpr const char* kFile = "/usr/lib/python3/dist-packages/botocore/data/partitions.json";

TEST(PartitionsTest, EndpointsOfEveryRegionAreThoseThatBotocoreKnows) {
  std::ifstream file(kFile);
  ASSERT_TRUE(file) << kFile << " is part of python3-botocore";
  const auto partitions = boost::json::parse(std::string(std::istreambuf_iterator<char>(file), {})).at("partitions");
  std::size_t regions = 0;

  for (const auto& partition : partitions.as_array()) {
    const std::string id(partition.at("id").as_string());
    const auto& outputs = partition.at("outputs").as_object();
    const std::string suffix(outputs.at("dnsSuffix").as_string());
    const std::string dual_suffix(outputs.at("dualStackDnsSuffix").as_string());
    // Older ones know partitions that had no such endpoints yet.
    const bool has_dual_stack = outputs.at("supportsDualStack").as_bool();
    for (const auto& [name, region] : partition.at("regions").as_object()) {
      const std::string where(name);
      SCOPED_TRACE(where);
      if (where.ends_with("-global")) continue;  // None to be in.
      ++regions;
      for (const bool fips : {false, true}) {
        const std::string host = (fips ? "https://kinesisvideo-fips." : "https://kinesisvideo.") + where + ".";
        EXPECT_EQ(control_plane_endpoint({where, fips, false}).value(), host + suffix);
        if (!has_dual_stack) continue;
        EXPECT_EQ(control_plane_endpoint({where, fips, true}).value(), host + dual_suffix);
      }
      EXPECT_EQ(partition_of_region(where), id);
      const auto sts = sdk::find_endpoint({.service = "sts", .variable = "STS", .region = where},
                                          [](const char*) { return std::string(); });
      EXPECT_EQ(sts.value().text(), "https://sts." + where + "." + suffix + "/");
    }
  }
  EXPECT_GT(regions, 30U);
}

}  // namespace
}  // namespace heliograph
