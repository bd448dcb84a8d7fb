// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate_request.hpp"

#include "crypto/certificates/certificate_signing.hpp"
#include "crypto/certificates/distinguished_name.hpp"
#include "crypto/keys/botan_keys.hpp"

#include <botan/ecdsa.h>
#include <botan/pkcs10.h>
#include <botan/rng.h>
#include <botan/x509_ext.h>

namespace chancery::crypto {

std::string make_certificate_request(const private_key& key,
                                     std::span<const std::byte> subject,
                                     const random_source& random) {
  const auto rng = to_botan(random);
  Botan::Extensions wanted;
  wanted.add(new Botan::Cert_Extension::Key_Usage(Botan::NON_REPUDIATION),
             true);
  return Botan::PKCS10_Request::create(to_botan(key), to_botan_name(subject),
                                       wanted, hash_name(key.curve()), *rng)
      .PEM_encode();
}

} // namespace chancery::crypto
