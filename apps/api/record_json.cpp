// SPDX-License-Identifier: Apache-2.0
#include "apps/api/record_json.hpp"

#include "actors/signing/lease_replay.hpp"
#include "actors/signing/lease_search.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/keys/key.hpp"

namespace chancery::apps {

namespace {

std::string_view reason_of(storage::short_reason reason) {
  switch (reason) {
  case storage::short_reason::full:
    return "full";
  case storage::short_reason::gap:
    return "gap";
  case storage::short_reason::end:
    return "end";
  case storage::short_reason::waited:
    return "waited";
  case storage::short_reason::withdrawn:
    return "withdrawn";
  }
  return "unknown";
}

} // namespace

using json = nlohmann::ordered_json;

json record_summary(const storage::snapshot& view, std::uint64_t id) {
  const auto name = view.name_of(id);
  const auto came = view.arrival_of(id);
  return {{"id", id},
          {"name", name ? json(*name) : json()},
          {"size", view.record(id)->size()},
          {"received", came ? json(time_text(came->time_ms)) : json()},
          {"signed", view.batch_of(id).has_value()}};
}

json record_json(const storage::snapshot& view, std::uint64_t id,
                 std::string_view algorithm) {
  auto shown = record_summary(view, id);
  if (const auto batch = view.batch_of(id))
    add_signature(shown, view, id, *batch, algorithm);
  return shown;
}

void add_signature(json& shown, const storage::snapshot& view, std::uint64_t id,
                   const storage::batch_row& batch,
                   std::string_view algorithm) {
  shown["signed"] = true;
  shown["signature"] = {
      {"key", crypto::to_text(batch.key)},
      {"alg", algorithm},
      {"format",
       batch.format == storage::signature_format::jades ? "jades" : "raw"},
      {"value", crypto::base64url_encode(*view.signature(id))},
      {"batch",
       {{"first", batch.first},
        {"count", batch.count},
        {"lease", actors::fence_text(batch.fence)}}},
      {"time", time_text(batch.time_ms)}};
}

crypto::curve curve_of(const storage::record_store& store) noexcept {
  const auto size = store.info().signature_size;
  return size == crypto::signature_size(crypto::curve::p256)
             ? crypto::curve::p256
             : crypto::curve::p384;
}

std::string_view algorithm_of(const storage::record_store& store) noexcept {
  return crypto::jws_algorithm(curve_of(store));
}

nlohmann::ordered_json batch_json(const storage::snapshot& view,
                                  const storage::batch_row& batch) {
  const auto lease = actors::find_lease(view, batch.fence);
  return {{"first", batch.first},
          {"count", batch.count},
          {"lease", actors::fence_text(batch.fence)},
          {"key", crypto::to_text(batch.key)},
          {"worker", lease && lease->remote ? json(lease->borrower) : json()},
          {"reason", reason_of(batch.reason)},
          {"time", time_text(batch.time_ms)}};
}

} // namespace chancery::apps
