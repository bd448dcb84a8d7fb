// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/seal_header_parts.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/seals/openssl_x509.hpp"
#include "crypto/seals/seal_digest.hpp"
#include "crypto/seals/seal_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <openssl/err.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

bool has_issued(const certificate& issuer, const certificate& subject) {
  const auto above = to_x509(issuer);
  const auto below = to_x509(subject);
  const bool fits =
      X509_check_issued(above.get(), below.get()) == X509_V_OK &&
      X509_verify(below.get(), X509_get0_pubkey(above.get())) == 1;
  ERR_clear_error();
  return fits;
}

/// Reads x5c (RFC 7515 4.1.6), standard base64. Throws std::invalid_argument.
std::vector<certificate> read_x5c(const nlohmann::json& x5c) {
  if (!x5c.is_array() || x5c.empty())
    throw std::invalid_argument("x5c is not a list of at least one text");
  if (x5c.size() > seal_chain_max)
    throw std::invalid_argument(
        fmt::format("x5c has more than {} certificates", seal_chain_max));
  std::vector<certificate> chain;
  for (const auto& item : x5c) {
    const auto der = item.is_string() ? decode_base64(item.get<std::string>())
                                      : std::nullopt;
    if (!der)
      throw std::invalid_argument(
          fmt::format("x5c[{}] is not standard base64 with padding (RFC 4648 "
                      "section 4)",
                      chain.size()));
    try {
      chain.emplace_back(bytes_of(*der));
    } catch (const std::invalid_argument& e) {
      throw std::invalid_argument(
          fmt::format("x5c[{}] is no certificate: {}", chain.size(), e.what()));
    }
  }
  return chain;
}

void require_order(const std::vector<certificate>& chain,
                   rule_failures& failures) {
  for (std::size_t i = 0; i + 1 < chain.size(); ++i)
    if (!has_issued(chain[i + 1], chain[i]))
      failures.push_back(
          {4, fmt::format("x5c[{}] has not issued x5c[{}]: the signer's "
                          "certificate comes first, and each is issued by the "
                          "next",
                          i + 1, i)});
}

/// Whether a digest in base64url under a JAdES name is the certificate's.
bool is_digest_of(const certificate& signer,
                  std::optional<std::string_view> algorithm,
                  std::optional<std::string_view> value) {
  const auto stated = value ? base64url_decode(*value) : std::nullopt;
  return algorithm && stated && stated == seal_digest(*algorithm, signer.der());
}

/// Whether every reference in the header is to this certificate.
bool is_referred_to(const nlohmann::json& json, const certificate& signer) {
  bool fits = true;
  if (find_member(json, "x5t#S256") != nullptr)
    fits = is_digest_of(signer, "S256", text_member(json, "x5t#S256"));
  const auto* other = find_member(json, "x5t#o");
  const auto* several = find_member(json, "sigX5ts");
  if (several != nullptr && (!several->is_array() || several->empty()))
    return false;
  for (const auto* reference :
       {other, several != nullptr ? &several->front() : nullptr})
    if (reference != nullptr)
      fits = fits && is_digest_of(signer, text_member(*reference, "digAlg"),
                                  text_member(*reference, "digVal"));
  return fits;
}

void check_references(const nlohmann::json& json, rule_failures& failures) {
  int references = 0;
  for (const auto* const name : {"x5t#S256", "x5t#o", "sigX5ts"})
    references += find_member(json, name) != nullptr;
  if (references == 0)
    failures.push_back({3, "the signer's certificate is not referred to: "
                           "x5t#S256 is missing"});
  if (references > 1)
    failures.push_back(
        {3, "more than one of x5t#S256, x5t#o and sigX5ts is there"});
  if (find_member(json, "x5t") != nullptr)
    failures.push_back({3, "x5t, a SHA-1 reference, is there"});
}

} // namespace

void read_seal_certificates(const nlohmann::json& json, seal_header& header,
                            rule_failures& failures) {
  check_references(json, failures);
  const auto* x5c = find_member(json, "x5c");
  if (x5c == nullptr)
    return;
  try {
    header.chain = read_x5c(*x5c);
  } catch (const std::invalid_argument& e) {
    header.reference = seal_certificate::malformed;
    failures.push_back({4, e.what()});
    return;
  }
  header.reference = seal_certificate::valid;
  require_order(header.chain, failures);
  if (is_referred_to(json, header.chain.front()))
    return;
  header.reference = seal_certificate::mismatch;
  failures.push_back({3, "the reference in the header is not to x5c[0]: "
                         "another certificate was put in"});
}

} // namespace chancery::crypto
