// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/gzip.hpp"

#include <botan/compression.h>
#include <botan/exceptn.h>

#include <stdexcept>

namespace chancery::crypto {

std::string gunzip(std::string_view packed) {
  try {
    const auto unpacking =
        Botan::Decompression_Algorithm::create_or_throw("gzip");
    Botan::secure_vector<std::uint8_t> octets(packed.begin(), packed.end());
    unpacking->start();
    unpacking->finish(octets);
    return {octets.begin(), octets.end()};
  } catch (const Botan::Exception& e) {
    throw std::invalid_argument(std::string("it is not gzip: ") + e.what());
  }
}

} // namespace chancery::crypto
