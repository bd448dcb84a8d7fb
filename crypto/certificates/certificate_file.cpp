// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/certificate.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/base/encodings.hpp"
#include "crypto/keys/pem_block.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace chancery::crypto {

namespace {

constexpr char der_sequence = 0x30;

certificate read_block(std::string_view body, std::size_t number) {
  try {
    const auto der = from_base64(body);
    return certificate(std::as_bytes(std::span(der)));
  } catch (const std::invalid_argument& e) {
    throw std::invalid_argument(
        fmt::format("certificate {} of the file: {}", number, e.what()));
  }
}

[[noreturn]] void refuse_file(const std::string& label) {
  if (label.empty())
    throw std::invalid_argument(
        "there is no certificate in it, neither PEM nor DER");
  if (label == "PKCS7")
    throw std::invalid_argument(
        "a PKCS#7 file instead of certificates: convert it with `openssl pkcs7 "
        "-print_certs` first");
  throw std::invalid_argument(fmt::format(
      "there is no certificate in it, but a PEM block '{:.40}'", label));
}

} // namespace

std::vector<certificate> read_certificates(std::string_view file) {
  if (!file.empty() && file.front() == der_sequence)
    return {certificate(bytes_of(file))};
  std::vector<certificate> found;
  std::string other;
  while (const auto block = take_pem_block(file)) {
    if (block->label == "CERTIFICATE" || block->label == "X509 CERTIFICATE")
      found.push_back(read_block(block->body, found.size() + 1));
    else
      other = block->label;
  }
  if (found.empty())
    refuse_file(other);
  return found;
}

} // namespace chancery::crypto
