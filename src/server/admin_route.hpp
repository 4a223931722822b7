// AdminRoute: how the parts of the service offer something to its operator.
#pragma once

#include <functional>
#include <string_view>

#include "net/service.hpp"

namespace heliograph::server {

/// One path below /_heliograph/v1/admin/; one that ends with '/' stands for everything below it.
struct AdminRoute {
  std::string_view method;
  std::string_view path;  ///< Without that prefix. Static text.
  /// Called for the administrator only, on a network thread: must not block.
  std::function<void(const net::HttpRequest&, net::Reply)> run;
};

}  // namespace heliograph::server
