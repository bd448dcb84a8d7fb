// SPDX-License-Identifier: Apache-2.0
#pragma once

// A keyring, and an authority for trials that certifies its keys.

#include "crypto/certificates/subject_template.hpp"
#include "crypto/certificates/trial_authority.hpp"
#include "crypto/keyring/keyring.hpp"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace chancery::tests {

struct seal_fixture {
  explicit seal_fixture(std::size_t count = 3)
      : keys(crypto::curve::p256, count, crypto::system_random(),
             crypto::keyring_purpose::seal) {}

  static std::vector<std::byte> name(std::string_view text) {
    return crypto::subject_template(text).fill(1, "");
  }

  std::int64_t seconds() const {
    return std::chrono::floor<std::chrono::seconds>(now.time_since_epoch())
        .count();
  }

  const crypto::public_key& key(std::size_t i) const {
    return keys.keys().at(i).key.public_half();
  }

  crypto::certificate issue(const crypto::public_key& of, int days = 90) const {
    return authority.issue(of, name("C=EE,O=Trial,CN=Seal"),
                           {.now = now,
                            .valid = std::chrono::days(days),
                            .issuer_url = "http://ca/ca.cer",
                            .list_url = "http://ca/ca.crl"},
                           crypto::system_random());
  }
  crypto::certificate issue(std::size_t i, int days = 90) const {
    return issue(key(i), days);
  }

  crypto::revocation_list
  revoke(const std::vector<crypto::certificate>& revoked) const {
    return authority.next_list({}, revoked,
                               crypto::revocation_reason::superseded, now,
                               std::chrono::days(30), crypto::system_random());
  }

  std::chrono::system_clock::time_point now = std::chrono::system_clock::now();
  crypto::keyring keys;
  crypto::private_key authority_key = crypto::private_key::generate(
      crypto::curve::p256, crypto::system_random());
  crypto::trial_authority authority{
      authority_key,
      crypto::trial_authority::make(authority_key, name("O=Trial,CN=Trial CA"),
                                    now, crypto::system_random())};
};

} // namespace chancery::tests
