// SPDX-License-Identifier: Apache-2.0
#pragma once

// Shared by the tests of the JOSE formats: the keys of the RFCs, an encryptor
// that uses only Botan and accepts any header, and refusals as text.

#include "crypto/jose/jwe_parts.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/keys/key.hpp"
#include "crypto/ledger/refusal.hpp"

#include <optional>
#include <string>
#include <string_view>

namespace chancery::crypto::test {

/// base64url of text.
std::string encode(std::string_view text);
/// The inverse; throws if `text` is not base64url.
std::string decode(std::string_view text);

/// RFC 7515 appendix A.3.
private_key rfc7515_key();
/// RFC 7518 appendix C, where Alice's key is the ephemeral one.
private_key rfc7518_alice();
private_key rfc7518_bob();

std::string shared_secret(const private_key& own, const public_key& peer);

/// {"kty":"EC","crv":"P-256","x":"..","y":".."}
std::string jwk_text(const public_key& key);

/// The header that seal_jwe writes, with this `epk`.
std::string jwe_header_text(const public_key& epk, const public_key& recipient,
                            std::string_view cty);

/// The inputs of a JWE besides its plaintext.
struct jwe_recipe {
  std::string header;   ///< JSON text, used unchanged
  std::string secret;   ///< as from shared_secret
  std::string apu = {}; ///< decoded
  std::string apv = {};
};

/// A JWE that is encrypted as in RFC 7518 4.6 and 5.3, whatever its header
/// states.
std::string jwe_by_botan(const jwe_recipe& recipe, std::string_view plaintext);

/// The plaintext under a shared secret; nullopt if the tag does not match.
std::optional<std::string> open_by_botan(std::string_view jwe,
                                         const std::string& secret);

/// The code of the refusal that `action` throws; "accepted" if it throws none.
/// Other exceptions propagate.
template <class Action>
std::string_view code_of(Action&& action) {
  try {
    action();
  } catch (const refused& r) {
    return to_text(r.code());
  } catch (const invalid_jws&) {
    return "invalid_jws";
  } catch (const invalid_jwe&) {
    return "invalid_jwe";
  }
  return "accepted";
}

} // namespace chancery::crypto::test
