// SPDX-License-Identifier: Apache-2.0
#include "actors/signing/key_uses.hpp"
#include "apps/api/api_records.hpp"
#include "apps/api/json_answer.hpp"
#include "apps/api/signing_json.hpp"
#include "crypto/keys/key.hpp"

#include <nlohmann/json.hpp>

#include <mutex>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

class signing_routes {
 public:
  explicit signing_routes(std::shared_ptr<const signed_folder> folder)
      : folder_(std::move(folder)) {}

  /// A process that has ended holds no key, whatever its journal says.
  http_response order(const api_request&) {
    json rows = json::array();
    json epoch;
    if (const auto store = folder_->records()) {
      const bool running = somebody_signs(*folder_);
      const std::scoped_lock lock(mutex_);
      uses_.follow(store->read());
      if (uses_.epoch())
        epoch = *uses_.epoch();
      for (const auto& key : uses_.order())
        rows.push_back({{"kid", crypto::to_text(key.key)},
                        {"uses", key.uses},
                        {"held_by", running ? holder_of(key) : json()},
                        {"held_since", nullptr}});
    }
    return json_response({{"epoch", epoch}, {"keys", std::move(rows)}});
  }

  http_response signing(const api_request&) const {
    return json_response(signing_json(*folder_));
  }

 private:
  static json holder_of(const actors::key_use& key) {
    if (!key.holder)
      return {};
    return key.holder->empty() ? json("local") : json(*key.holder);
  }

  std::shared_ptr<const signed_folder> folder_;
  std::mutex mutex_;
  actors::key_uses uses_;
};

} // namespace

void add_signing_routes(route_table& table,
                        std::shared_ptr<const signed_folder> folder) {
  const auto routes = std::make_shared<signing_routes>(std::move(folder));
  table.add({"GET",
             "/v1/keys/order",
             "getKeyOrder",
             scope::read,
             {},
             {},
             answered_slowly{[routes](const api_request& request) {
               return routes->order(request);
             }}});
  table.add({"GET",
             "/v1/signing",
             "getSigning",
             scope::read,
             {},
             {},
             answered_now{[routes](const api_request& request) {
               return routes->signing(request);
             }}});
}

} // namespace chancery::apps
