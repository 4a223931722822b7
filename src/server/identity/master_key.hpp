// The master key: what secrets at rest and session tokens are sealed with.
#pragma once

#include <filesystem>

#include "base/clock.hpp"
#include "heliograph/result.hpp"
#include "heliograph/secret.hpp"
#include "wire/sealed.hpp"

namespace heliograph::server::identity {

/// Where the operator keeps it; both empty: in DATA/master.key.
struct MasterKeySource {
  std::string file;  ///< --master-key-file
  Secret text;       ///< HELIOGRAPH_MASTER_KEY, which comes before the file.
};

struct MasterKey {
  wire::SealingKey key;
  std::string place;  ///< For error texts: where it came from.
};

/// Reads 32 bytes as 64 hexadecimal digits, or as base64. Only the file of the data directory is made when it is
/// missing, with mode 0600: a key that somebody else keeps must be there.
/// @param may_make  false when something is sealed with the key already: then a new one would open nothing.
/// Fails with kCorrupt or kResourceNotFound, saying what to do.
[[nodiscard]] Result<MasterKey> load_master_key(const MasterKeySource& source,
                                                const std::filesystem::path& default_file, Rng& rng,
                                                bool may_make = true);

}  // namespace heliograph::server::identity
