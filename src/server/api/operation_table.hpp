// The table of operations: how each is named, found, allowed and done.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "server/api/operations.hpp"
#include "server/operation.hpp"

namespace heliograph::server::api {

/// Threads: static, so any.
struct OperationRow {
  Operation operation;
  std::string_view name;
  std::string_view path;  ///< Service model, requestUri; only the Resource operations begin with a capital letter.
  wire::Surface surface;
  Result<AccessTarget> (*target)(const Request&);  ///< What the caller must be allowed to act on.
  Result<std::string> (*run)(const Request&);
  void (*start)(const Request&, Finish) = nullptr;  ///< Instead of `run`, when the answer takes its time.
};

/// By Operation: the row of an operation is at its number.
[[nodiscard]] std::span<const OperationRow> operation_table() noexcept;

}  // namespace heliograph::server::api
