// application/x-www-form-urlencoded, as the query protocol of AWS sends it.
#include "wire/form.hpp"

#include <algorithm>

#include "wire/uri.hpp"

namespace heliograph::wire {
namespace {

constexpr std::size_t kMaxParameters = 1000;

Result<std::string> decode(std::string_view text) {
  std::string spaced(text);
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  return percent_decode(spaced);
}

}  // namespace

Result<std::map<std::string, std::string>> parse_form(std::string_view body) {
  std::map<std::string, std::string> form;
  while (!body.empty()) {
    const std::string_view part = body.substr(0, body.find('&'));
    body.remove_prefix(std::min(part.size() + 1, body.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    auto name = decode(part.substr(0, equals));
    if (!name) return name.error();
    auto value = decode(part.substr(std::min(equals + 1, part.size())));
    if (!value) return value.error();
    if (form.size() == kMaxParameters) return Error{Errc::kBadRequest, "The form has more than 1000 parameters."};
    if (form.contains(*name))
      return Error{Errc::kBadRequest, "The form has the parameter " + name->substr(0, 64) + " more than once."};
    form.emplace(*std::move(name), *std::move(value));
  }
  return form;
}

}  // namespace heliograph::wire
