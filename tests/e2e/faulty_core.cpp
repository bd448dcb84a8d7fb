// SPDX-License-Identifier: Apache-2.0
//
// A library to be preloaded: a processor core that makes mistakes. After
// CHANCERY_FAULT_AFTER calls of EVP_PKEY_sign each further one succeeds with a
// bit of its signature flipped.

#include <openssl/evp.h>

#include <atomic>
#include <cstdlib>
#include <dlfcn.h>

extern "C" int EVP_PKEY_sign(EVP_PKEY_CTX* context, unsigned char* signature,
                             std::size_t* size, const unsigned char* digest,
                             std::size_t digest_size) {
  static const auto real = reinterpret_cast<decltype(&EVP_PKEY_sign)>(
      ::dlsym(RTLD_NEXT, "EVP_PKEY_sign"));
  static const char* const after = std::getenv("CHANCERY_FAULT_AFTER");
  static std::atomic<long> left{after == nullptr ? -1 : std::atol(after)};
  const int result = real(context, signature, size, digest, digest_size);
  if (signature != nullptr && result == 1 && after != nullptr && --left < 0)
    signature[*size - 3] ^= 1; // within s, the last integer of the DER
  return result;
}
