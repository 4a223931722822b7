// Trust policies: any text is one or an error that names a place; a Deny of everybody denies, "*" trusts no web
// identity.
#include <cstdint>
#include <string>
#include <string_view>

#include "core/policy/trust_policy.hpp"
#include "support/check.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  using core::Trust;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto policy = core::TrustPolicy::parse(text);
  if (!policy) {
    test::check(!policy.error().detail.empty(), "an error says why");
    return 0;
  }
  const core::TrustRequest caller{
      .action = "sts:AssumeRole", .account = "000000000000", .caller_arn = "arn:aws:iam::000000000000:user/ann"};
  const core::TrustRequest token{.action = "sts:AssumeRoleWithWebIdentity", .issuer = "login.example"};
  const Trust of_caller = policy->ask(caller);
  const Trust of_token = policy->ask(token);
  test::check(of_token != Trust::kAccount, "an account is no issuer");
  if (text.find("000000000000") == std::string_view::npos && text.find('\\') == std::string_view::npos)
    test::check(of_caller != Trust::kDirect, "nobody is named who does not stand there");
  if (text.find("login.example") == std::string_view::npos && text.find('\\') == std::string_view::npos)
    test::check(of_token != Trust::kDirect, "no issuer is trusted that does not stand there");
  return 0;
}
