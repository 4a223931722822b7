// Header look-up.
#include "net/http.hpp"

#include <strings.h>

namespace heliograph::net {

std::string_view HttpRequest::header(std::string_view name) const noexcept {
  for (const HttpHeader& header : headers)
    if (header.name.size() == name.size() && ::strncasecmp(header.name.data(), name.data(), name.size()) == 0)
      return header.value;
  return {};
}

}  // namespace heliograph::net
