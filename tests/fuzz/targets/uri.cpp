// Invariants of URIs: encoding loses nothing, a query means what its parts mean, and re-spelling it changes nothing.
#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "support/check.hpp"
#include "wire/uri.hpp"

namespace heliograph::test {
namespace {

void check_coding(std::string_view text) {
  for (const auto spelling : {wire::UriSpelling::kStrict, wire::UriSpelling::kComponent, wire::UriSpelling::kPath}) {
    const std::string encoded = wire::percent_encode(text, spelling);
    const auto decoded = wire::percent_decode(encoded);
    check(decoded && *decoded == text, "what is encoded decodes to itself");
  }
}

void check_query(std::string_view text) {
  const auto query = wire::Query::parse(text);
  check(query.has_value() == wire::percent_decode(text).has_value(), "only a bad escape is refused");
  if (!query) return;

  std::string respelled;
  std::vector<std::string> names;
  for (const wire::QueryParam& param : query->params()) {
    check(*wire::percent_decode(param.raw_name) == param.name, "a name is its raw spelling decoded");
    check(*wire::percent_decode(param.raw_value) == param.value, "a value is its raw spelling decoded");
    check(query->find(param.name).has_value(), "every name is found");
    names.emplace_back(param.name);
    respelled += wire::percent_encode(param.name) + '=' + wire::percent_encode(param.value) + '&';
  }
  std::sort(names.begin(), names.end());
  const bool repeated = std::adjacent_find(names.begin(), names.end()) != names.end();
  check(query->has_duplicates() == repeated, "duplicates are what sorting finds");

  const auto again = wire::Query::parse(respelled);
  check(again && again->params().size() == query->params().size(), "re-spelled, it has as many parameters");
  for (std::size_t i = 0; i < query->params().size(); ++i) {
    check(again->params()[i].name == query->params()[i].name, "re-spelled, the names are the same");
    check(again->params()[i].value == query->params()[i].value, "re-spelled, the values are the same");
  }
}

}  // namespace
}  // namespace heliograph::test

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace heliograph;
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  test::check_coding(text);
  test::check_query(text);
  const auto target = wire::split_target(text);
  test::check(target.path.find('?') == std::string_view::npos, "a path ends at the question mark");
  return 0;
}
