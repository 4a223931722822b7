// The flags by which every command finds its service.
#pragma once

#include "cli/client/service.hpp"

namespace CLI {
class App;
}

namespace heliograph::cli {

/// --data alone, for commands that need no more than the directory.
void add_data_flag(CLI::App& command, ServiceOptions& options);
/// --data, --endpoint, --ca-file, --region.
void add_service_flags(CLI::App& command, ServiceOptions& options);
/// The same and --aws, for commands that go through the SDK.
void add_sdk_flags(CLI::App& command, ServiceOptions& options);

}  // namespace heliograph::cli
