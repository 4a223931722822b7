// What a decision costs: one, ten and a thousand statements, the one that allows behind all others, so that every
// statement is looked at. Every request of the service asks once.
#include <benchmark/benchmark.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <vector>

#include "core/policy/decision.hpp"
#include "support/allocations.hpp"

namespace heliograph {
namespace {

constexpr const char* kAction = "kinesisvideo:ConnectAsViewer";
constexpr std::int64_t kStatementsPerPolicy = 50;

std::string channel(std::int64_t number) { return "front-door-" + std::to_string(1000 + number); }
std::string arn(const std::string& name, const char* code) {
  return "arn:aws:kinesisvideo:us-east-1:000000000000:channel/" + name + '/' + code;
}

/// One statement for each channel.
std::vector<core::Policy> make_policies(std::int64_t statements, const char* resource_end, const char* condition) {
  std::vector<core::Policy> policies;
  for (std::int64_t first = 0; first < statements; first += kStatementsPerPolicy) {
    std::string text = R"({"Version": "2012-10-17", "Statement": [)";
    for (std::int64_t i = first; i < std::min(first + kStatementsPerPolicy, statements); ++i) {
      if (i > first) text += ',';
      text += R"({"Effect": "Allow", "Action": ["kinesisvideo:Get*", "kinesisvideo:ConnectAsViewer"], "Resource": ")" +
              arn(channel(i), resource_end) + '"' + condition + '}';
    }
    auto policy = core::Policy::parse("bench", text + "]}");
    if (!policy) std::abort();
    policies.push_back(*std::move(policy));
  }
  return policies;
}

void decide(benchmark::State& state, const char* resource_end, const char* condition) {
  const std::vector<core::Policy> policies = make_policies(state.range(0), resource_end, condition);
  const std::string resource = arn(channel(state.range(0) - 1), "1712136149494");
  const std::string elsewhere = arn(channel(state.range(0)), "1712136149494");
  core::AccessContext context;
  context.source_ip = "203.0.113.7";
  context.user_name = "1712136149494";
  context.secure_transport = true;
  const core::PolicyScope scope{policies, std::nullopt};
  const auto is_right = [&] {
    return core::evaluate(scope, {kAction, resource, context}).is_allowed() &&
           !core::evaluate(scope, {kAction, elsewhere, context}).is_allowed();
  };

  const std::uint64_t before = test::allocations();
  for (auto _ : state) {
    if (!is_right()) state.SkipWithError("a wrong answer");
  }
  const std::uint64_t allocated = test::allocations() - before;
  if (allocated != 0) state.SkipWithError("a decision allocates");
  state.SetItemsProcessed(static_cast<std::int64_t>(state.iterations()) * 2);
  state.counters["allocations"] = static_cast<double>(allocated);
}

void decide_by_resource(benchmark::State& state) { decide(state, "*", ""); }
BENCHMARK(decide_by_resource)->ArgName("statements")->Arg(1)->Arg(10)->Arg(1000);

void decide_by_variable_and_conditions(benchmark::State& state) {
  decide(state, "${aws:username}", R"(, "Condition": {"Bool": {"aws:SecureTransport": "true"},
                                      "IpAddress": {"aws:SourceIp": ["10.0.0.0/8", "203.0.113.0/24"]}})");
}
BENCHMARK(decide_by_variable_and_conditions)->ArgName("statements")->Arg(1)->Arg(10)->Arg(1000);

void load_a_policy(benchmark::State& state) {
  const std::string text = R"({"Version": "2012-10-17", "Statement": {"Effect": "Allow", "Action": "kinesisvideo:*",
      "Resource": "arn:aws:kinesisvideo:*:*:channel/${credentials-iot:ThingName}/*",
      "Condition": {"Bool": {"aws:SecureTransport": "true"}}}})";
  for (auto _ : state) {
    if (!core::Policy::parse("bench", text)) state.SkipWithError("a wrong answer");
  }
}
BENCHMARK(load_a_policy);

}  // namespace
}  // namespace heliograph
