// The SQLite schema as numbered steps, and the walk from any older one to the newest. Private to src/store.
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <SQLiteCpp/Database.h>

#include "heliograph/result.hpp"

namespace heliograph::store {

/// Step n (counted from 1) turns a database of version n - 1 into one of version n. A step that was ever released is
/// never edited; a change is a new step at the end.
[[nodiscard]] std::span<const std::string_view> schema_steps() noexcept;

/// "Hlio": tells our databases from anybody else's (PRAGMA application_id).
inline constexpr int kApplicationId = 0x486C696F;

/// Brings the schema to `target` (default: the newest), each step in a transaction of its own. Fails with kCorrupt for
/// a database of another application or of a newer Heliograph, and changes nothing then.
/// Throws SQLite::Exception as the database does.
[[nodiscard]] Result<void> migrate(SQLite::Database& database, std::size_t target = schema_steps().size());

/// The version of the schema: the number of steps taken.
[[nodiscard]] std::size_t schema_version(SQLite::Database& database);

}  // namespace heliograph::store
