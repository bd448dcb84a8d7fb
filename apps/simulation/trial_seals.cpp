// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/trial_seals.hpp"

#include "crypto/base/random.hpp"
#include "crypto/certificates/subject_template.hpp"
#include "crypto/certificates/trial_authority.hpp"

#include <array>
#include <chrono>
#include <span>

namespace chancery::apps {

namespace {

crypto::trial_authority new_authority(const crypto::seal_terms& terms,
                                      const crypto::random_source& random) {
  const auto key = crypto::private_key::generate(crypto::curve::p256, random);
  const auto name =
      crypto::subject_template("O=chancery,CN=Simulation trial authority")
          .fill(1, "");
  return {key, crypto::trial_authority::make(key, name, terms.now, random)};
}

} // namespace

void certify_for_trial(storage::record_store& store,
                       const crypto::keyring& keys) {
  const auto random = crypto::system_random();
  const crypto::seal_terms terms{.now = std::chrono::system_clock::now()};
  const auto authority = new_authority(terms, random);
  const crypto::subject_template subject(
      "C=EE,O=Simulation,organizationIdentifier=VATEE-100000000,"
      "CN=Simulation seal {n}");
  const auto time_ms = static_cast<std::uint64_t>(
      std::chrono::duration_cast<std::chrono::milliseconds>(
          terms.now.time_since_epoch())
          .count());
  auto transaction = store.write();
  std::size_t number = 0;
  for (const auto& entry : keys.keys()) {
    const auto& key = entry.key.public_half();
    const auto leaf = authority.issue(
        key, subject.fill(++number, crypto::to_text(key.id())), terms, random);
    transaction.put_certificates(leaf.id(),
                                 {leaf.der(), authority.own().der()});
    transaction.enrol(key.id(), leaf.id(), time_ms);
  }
  transaction.commit();
}

} // namespace chancery::apps
