// Where the service is, by the AWS SDKs' own rules.
#include <gtest/gtest.h>

#include "heliograph/endpoint.hpp"

namespace heliograph {
namespace {

TEST(EndpointRulesTest, EveryPartitionHasItsFourEndpoints) {
  struct Case {
    const char* region;
    bool fips;
    bool dualstack;
    const char* endpoint;
  };
  constexpr Case kCases[] = {
      {"us-west-2", false, false, "https://kinesisvideo.us-west-2.amazonaws.com"},
      {"us-west-2", false, true, "https://kinesisvideo.us-west-2.api.aws"},
      {"us-west-2", true, false, "https://kinesisvideo-fips.us-west-2.amazonaws.com"},
      {"us-west-2", true, true, "https://kinesisvideo-fips.us-west-2.api.aws"},
      {"us-gov-west-1", true, false, "https://kinesisvideo-fips.us-gov-west-1.amazonaws.com"},
      {"us-gov-west-1", true, true, "https://kinesisvideo-fips.us-gov-west-1.api.aws"},
      {"cn-north-1", false, false, "https://kinesisvideo.cn-north-1.amazonaws.com.cn"},
      {"cn-north-1", false, true, "https://kinesisvideo.cn-north-1.api.amazonwebservices.com.cn"},
      {"cn-northwest-1", true, false, "https://kinesisvideo-fips.cn-northwest-1.amazonaws.com.cn"},
      {"us-iso-east-1", false, false, "https://kinesisvideo.us-iso-east-1.c2s.ic.gov"},
      {"us-iso-east-1", true, true, "https://kinesisvideo-fips.us-iso-east-1.api.aws.ic.gov"},
      {"us-isob-east-1", false, false, "https://kinesisvideo.us-isob-east-1.sc2s.sgov.gov"},
      {"us-isob-east-1", false, true, "https://kinesisvideo.us-isob-east-1.api.aws.scloud"},
      {"eu-isoe-west-1", false, false, "https://kinesisvideo.eu-isoe-west-1.cloud.adc-e.uk"},
      {"eu-isoe-west-1", false, true, "https://kinesisvideo.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
      {"eu-isoe-west-1", true, false, "https://kinesisvideo-fips.eu-isoe-west-1.cloud.adc-e.uk"},
      {"eu-isoe-west-1", true, true, "https://kinesisvideo-fips.eu-isoe-west-1.api.cloud-aws.adc-e.uk"},
      {"us-isof-south-1", false, false, "https://kinesisvideo.us-isof-south-1.csp.hci.ic.gov"},
      {"us-isof-south-1", false, true, "https://kinesisvideo.us-isof-south-1.api.aws.hci.ic.gov"},
      {"us-isof-south-1", true, false, "https://kinesisvideo-fips.us-isof-south-1.csp.hci.ic.gov"},
      {"us-isof-south-1", true, true, "https://kinesisvideo-fips.us-isof-south-1.api.aws.hci.ic.gov"},
      {"eusc-de-east-1", false, false, "https://kinesisvideo.eusc-de-east-1.amazonaws.eu"},
      {"eusc-de-east-1", true, true, "https://kinesisvideo-fips.eusc-de-east-1.api.amazonwebservices.eu"},
      {"xx-new-7", false, false, "https://kinesisvideo.xx-new-7.amazonaws.com"},
  };
  for (const Case& c : kCases) {
    SCOPED_TRACE(c.endpoint);

    const auto endpoint = control_plane_endpoint({c.region, c.fips, c.dualstack});

    ASSERT_TRUE(endpoint) << endpoint.error().detail;
    EXPECT_EQ(*endpoint, c.endpoint);
  }
}

TEST(EndpointRulesTest, StunServersAreOnPort443AndSpeakTlsWithFips) {
  EXPECT_EQ(*stun_uri({"eu-west-1"}), "stun:stun.kinesisvideo.eu-west-1.amazonaws.com:443");
  EXPECT_EQ(*stun_uri({"eu-west-1", false, true}), "stun:stun.kinesisvideo.eu-west-1.api.aws:443");
  EXPECT_EQ(*stun_uri({"cn-north-1"}), "stun:stun.kinesisvideo.cn-north-1.amazonaws.com.cn:443");
  EXPECT_EQ(*stun_uri({"us-gov-west-1", true}), "stuns:stun.kinesisvideo-fips.us-gov-west-1.amazonaws.com:443");
}

TEST(EndpointRulesTest, WhatCannotBePartOfAHostNameIsNoRegion) {
  for (const char* region : {"", "us west 2", "us-west-2.evil.example/", "US-WEST-2", "-us", "us-"}) {
    SCOPED_TRACE(region);

    const auto endpoint = control_plane_endpoint({region});

    ASSERT_FALSE(endpoint);
    EXPECT_EQ(endpoint.error().code, Errc::kInvalidArgument);
    EXPECT_FALSE(stun_uri({region}));
  }
}

}  // namespace
}  // namespace heliograph
