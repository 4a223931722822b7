// The partitions of AWS. Source: partitions.json of botocore.
#include "wire/partition.hpp"

#include <algorithm>
#include <array>

namespace heliograph::wire {
namespace {

constexpr std::array<Partition, 8> kPartitions{{
    {"cn-", "aws-cn", "amazonaws.com.cn", "api.amazonwebservices.com.cn"},
    {"us-gov-", "aws-us-gov", "amazonaws.com", "api.aws"},
    {"us-iso-", "aws-iso", "c2s.ic.gov", "api.aws.ic.gov"},
    {"us-isob-", "aws-iso-b", "sc2s.sgov.gov", "api.aws.scloud"},
    {"eu-isoe-", "aws-iso-e", "cloud.adc-e.uk", "api.cloud-aws.adc-e.uk"},
    {"us-isof-", "aws-iso-f", "csp.hci.ic.gov", "api.aws.hci.ic.gov"},
    {"eusc-", "aws-eusc", "amazonaws.eu", "api.amazonwebservices.eu"},
    {"", "aws", "amazonaws.com", "api.aws"},  // The last: every region begins with nothing.
}};

}  // namespace

const Partition& find_partition(std::string_view region) noexcept {
  return *std::find_if(kPartitions.begin(), kPartitions.end(),
                       [region](const Partition& partition) { return region.starts_with(partition.region_prefix); });
}

}  // namespace heliograph::wire
