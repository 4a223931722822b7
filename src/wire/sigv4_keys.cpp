// Signing keys: derivation and cache.
#include <openssl/crypto.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <utility>

#include "wire/sigv4.hpp"

namespace heliograph::wire {
namespace {

bool is_same_secret(const Secret& a, const Secret& b) {
  return a.reveal().size() == b.reveal().size() &&
         CRYPTO_memcmp(a.reveal().data(), b.reveal().data(), a.reveal().size()) == 0;
}

std::string to_slot_id(const SigningCredential& credential, const SigningScope& scope) {
  std::string id;
  id.reserve(credential.access_key_id.size() + scope.date.size() + scope.region.size() + scope.service.size() + 3);
  id += credential.access_key_id;
  for (const std::string_view part : {scope.date, scope.region, scope.service}) {
    id += '\n';
    id += part;
  }
  return id;
}

}  // namespace

Sha256Digest derive_signing_key(const Secret& secret_access_key, const SigningScope& scope) {
  std::string first = "AWS4";
  first += secret_access_key.reveal();
  Sha256Digest key = hmac_sha256({reinterpret_cast<const std::uint8_t*>(first.data()), first.size()}, scope.date);
  OPENSSL_cleanse(first.data(), first.size());
  for (const std::string_view part : {scope.region, scope.service, kSigningTerminator}) key = hmac_sha256(key, part);
  return key;
}

SigningKeyCache::Shard& SigningKeyCache::shard_of_this_thread() noexcept {
  // Threads are numbered as they come, so that no two of the first 16 share a shard.
  static std::atomic<std::size_t> next{0};
  thread_local const std::size_t number = next.fetch_add(1, std::memory_order_relaxed);
  return shards_[number % shards_.size()];
}

Sha256Digest SigningKeyCache::signing_key(const SigningCredential& credential, const SigningScope& scope) {
  std::string id = to_slot_id(credential, scope);
  const std::size_t at = std::hash<std::string_view>{}(id) % slots_per_shard_;
  Shard& shard = shard_of_this_thread();
  Sha256Digest key{};
  {
    const std::lock_guard lock(shard.mutex);
    shard.slots.resize(slots_per_shard_);
    const Slot& slot = shard.slots[at];
    if (!slot.key.empty() && slot.id == id && is_same_secret(slot.secret, credential.secret_access_key)) {
      const std::string_view bytes = slot.key.reveal();
      std::copy(bytes.begin(), bytes.end(), key.begin());
      return key;
    }
  }
  key = derive_signing_key(credential.secret_access_key, scope);
  Secret kept(std::string(key.begin(), key.end()));
  const std::lock_guard lock(shard.mutex);
  Slot& slot = shard.slots[at];
  slot.id = std::move(id);
  slot.secret = credential.secret_access_key;
  slot.key = std::move(kept);
  return key;
}

}  // namespace heliograph::wire
