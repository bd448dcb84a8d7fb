// SPDX-License-Identifier: Apache-2.0
#pragma once

// Finds out which of some certificates name keys of a keyring, and whether all
// of these can be used: one that cannot refuses them all. Knows no files and no
// store. Pure function; any thread.

#include "crypto/certificates/certificate.hpp"
#include "crypto/certificates/revocation_list.hpp"
#include "crypto/keyring/keyring.hpp"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace chancery::apps {

/// What shall be stored for a key.
struct taken_certificate {
  crypto::key_id key;
  std::vector<crypto::certificate> chain; ///< leaf first, root last
};

struct certificate_intake {
  std::vector<taken_certificate> taken;
  std::vector<std::string> warnings; ///< each kind once, with its count
};

/// `given` has leaves and issuers in any order. `at` is now, in seconds since
/// 1970. Throws std::runtime_error that says of which certificate what is
/// wrong: it is for no active key of the keyring, does not lead to one of
/// `roots`, does not fit for seals, has expired or is revoked; or when there is
/// none for a key, or two for the same one.
certificate_intake
take_certificates(const crypto::public_keyring& keys,
                  std::span<const crypto::certificate> given,
                  std::span<const crypto::certificate> roots,
                  std::span<const crypto::revocation_list> lists,
                  std::int64_t at);

} // namespace chancery::apps
