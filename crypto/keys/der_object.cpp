// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/der_object.hpp"

#include "crypto/base/bytes.hpp"

#include <openssl/asn1.h>
#include <openssl/err.h>

namespace chancery::crypto {

bool bytes_follow_object(std::span<const std::byte> der) noexcept {
  const auto* content = octets(der);
  long length = 0;
  int tag = 0;
  int tag_class = 0;
  const int form = ASN1_get_object(&content, &length, &tag, &tag_class,
                                   static_cast<long>(der.size()));
  ERR_clear_error(); // a failure leaves its reason on the thread's queue
  const bool has_length = (form & 0x81) == 0;
  return has_length && content + length != octets(der) + der.size();
}

} // namespace chancery::crypto
