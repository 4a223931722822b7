// Keeping refusals, and telling of them.
#include "server/refusals/refusal_book.hpp"

#include <algorithm>
#include <boost/json.hpp>

#include "wire/date.hpp"

namespace heliograph::server {

void RefusalBook::add(Refusal refusal) {
  const std::lock_guard lock(mutex_);
  if (refusals_.size() == kMost) refusals_.pop_front();
  refusals_.push_back(std::move(refusal));
}

std::vector<Refusal> RefusalBook::latest(std::size_t most) const {
  const std::lock_guard lock(mutex_);
  const auto count = static_cast<std::ptrdiff_t>(std::min(most, refusals_.size()));
  return {refusals_.rbegin(), refusals_.rbegin() + count};
}

std::optional<Refusal> RefusalBook::find(std::string_view request_id) const {
  const std::lock_guard lock(mutex_);
  const auto found = std::find_if(refusals_.rbegin(), refusals_.rend(),
                                  [&](const Refusal& refusal) { return refusal.request_id == request_id; });
  return found == refusals_.rend() ? std::nullopt : std::optional(*found);
}

std::string to_json(const Refusal& refusal) {
  namespace json = boost::json;
  json::object out{{"time", wire::to_amz_date(refusal.at)},
                   {"requestId", refusal.request_id},
                   {"from", refusal.from},
                   {"method", refusal.method},
                   {"path", refusal.path},
                   {"type", refusal.type},
                   {"detail", refusal.detail},
                   {"accessKeyId", refusal.access_key}};
  if (!refusal.action.empty()) {
    out["action"] = refusal.action;
    out["resource"] = refusal.resource;
    out["decision"] = refusal.decision;
  }
  const wire::RefusalExplanation& why = refusal.explanation;
  if (why.skew) out["skewSeconds"] = why.skew->count();
  out["proven"] = why.is_proven;
  json::array differences;
  for (const wire::SignedDifference& difference : why.differences)
    differences.push_back(json::object{{"part", difference.part},
                                       {difference.received_label(), difference.received},
                                       {difference.signed_label(), difference.signed_over},
                                       {"cause", difference.cause}});
  out["differences"] = std::move(differences);
  if (!why.expected.empty()) out["expectedCanonicalRequest"] = why.expected;
  if (!why.signed_request.empty()) out["signedCanonicalRequest"] = why.signed_request;
  return json::serialize(out);
}

}  // namespace heliograph::server
