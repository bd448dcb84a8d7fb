// SPDX-License-Identifier: Apache-2.0
#include "crypto/certificates/address_extensions.hpp"

#include <botan/der_enc.h>
#include <botan/x509_ext.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <stdexcept>
#include <string_view>
#include <utility>
#include <vector>

namespace chancery::crypto {

namespace {

/// GeneralName's uniformResourceIdentifier (RFC 5280 4.2.1.6).
constexpr auto uri_tag = static_cast<Botan::ASN1_Tag>(6);

/// An extension whose content is known already.
class ready_extension : public Botan::Certificate_Extension {
 public:
  ready_extension(Botan::OID kind, std::string name,
                  std::vector<std::uint8_t> content)
      : kind_(std::move(kind)), name_(std::move(name)),
        content_(std::move(content)) {}

  Botan::OID oid_of() const override { return kind_; }
  ready_extension* copy() const override { return new ready_extension(*this); }

 private:
  std::string oid_name() const override { return name_; }
  std::vector<std::uint8_t> encode_inner() const override { return content_; }
  void decode_inner(const std::vector<std::uint8_t>& content) override {
    content_ = content;
  }
  void contents_to(Botan::Data_Store&, Botan::Data_Store&) const override {}

  Botan::OID kind_;
  std::string name_;
  std::vector<std::uint8_t> content_;
};

std::vector<std::uint8_t> uri_of(const std::string& url) {
  constexpr std::array<std::string_view, 3> schemes{"http://", "https://",
                                                    "ldap://"};
  if (std::ranges::none_of(schemes, [&](auto s) { return url.starts_with(s); }))
    throw std::invalid_argument(
        fmt::format("'{:.60}' is no address that begins with http://", url));
  if (std::ranges::any_of(url, [](char c) { return c <= ' ' || c > '~'; }))
    throw std::invalid_argument(fmt::format(
        "the address '{:.60}' has a character that URLs do not have", url));
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der).add_object(uri_tag, Botan::CONTEXT_SPECIFIC, url);
  return der;
}

std::vector<std::uint8_t> issuer_access(const std::string& url) {
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der)
      .start_cons(Botan::SEQUENCE)
      .start_cons(Botan::SEQUENCE)
      .encode(Botan::OID("1.3.6.1.5.5.7.48.2")) // id-ad-caIssuers
      .raw_bytes(uri_of(url))
      .end_cons()
      .end_cons();
  return der;
}

std::vector<std::uint8_t> list_point(const std::string& url) {
  constexpr auto first = static_cast<Botan::ASN1_Tag>(0);
  std::vector<std::uint8_t> der;
  Botan::DER_Encoder(der)
      .start_cons(Botan::SEQUENCE)
      .start_cons(Botan::SEQUENCE)
      .start_cons(first, Botan::CONTEXT_SPECIFIC) // distributionPoint
      .start_cons(first, Botan::CONTEXT_SPECIFIC) // fullName
      .raw_bytes(uri_of(url))
      .end_cons()
      .end_cons()
      .end_cons()
      .end_cons();
  return der;
}

} // namespace

void add_addresses(Botan::Extensions& to, const std::string& issuer_url,
                   const std::string& list_url) {
  namespace known = Botan::Cert_Extension;
  if (!issuer_url.empty())
    to.add(new ready_extension(
        known::Authority_Information_Access::static_oid(),
        "PKIX.AuthorityInformationAccess", issuer_access(issuer_url)));
  if (!list_url.empty())
    to.add(new ready_extension(known::CRL_Distribution_Points::static_oid(),
                               "X509v3.CRLDistributionPoints",
                               list_point(list_url)));
}

} // namespace chancery::crypto
