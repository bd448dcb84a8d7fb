// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/key.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/keys/botan_group.hpp"

#include <botan/ec_group.h>
#include <botan/secmem.h>
#include <botan/system_rng.h>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <vector>

namespace chancery::crypto {

namespace {

/// RFC 7638 section 3: the required members of an EC key, in this order.
key_id thumbprint(curve c, std::span<const std::byte> point) {
  const auto half = field_size(c);
  return sha256(bytes_of(
      fmt::format(R"({{"crv":"{}","kty":"EC","x":"{}","y":"{}"}})",
                  jwk_curve_name(c), base64url_encode(point.first(half)),
                  base64url_encode(point.subspan(half)))));
}

void require_on_curve(curve c, std::span<const std::byte> point) {
  const auto half = field_size(c);
  const auto* xy = octets(point);
  try {
    // Botan's constructor checks the range of x and y. Both groups have a
    // cofactor of 1, so every point on the curve is in the group.
    if (botan_group(c)
            .point(Botan::BigInt(xy, half), Botan::BigInt(xy + half, half))
            .on_the_curve())
      return;
  } catch (const Botan::Exception&) {
  }
  throw std::invalid_argument(
      fmt::format("the point does not lie on {}", jwk_curve_name(c)));
}

std::vector<std::byte> point_of(curve c, std::span<const std::byte> scalar) {
  const auto& group = botan_group(c);
  std::vector<Botan::BigInt> workspace;
  // The generator only blinds the multiplication; the result is the same.
  const auto point = group.blinded_base_point_multiply(
      Botan::BigInt(octets(scalar), scalar.size()), Botan::system_rng(),
      workspace);
  const auto half = field_size(c);
  std::vector<std::byte> xy(2 * half);
  Botan::BigInt::encode_1363(octets(std::span(xy)), half, point.get_affine_x());
  Botan::BigInt::encode_1363(octets(std::span(xy).subspan(half)), half,
                             point.get_affine_y());
  return xy;
}

bool in_range(curve c, std::span<const std::byte> scalar) {
  const Botan::BigInt number(octets(scalar), scalar.size());
  return !number.is_zero() && number < botan_group(c).get_order();
}

} // namespace

std::string to_text(const key_id& id) {
  return base64url_encode(std::as_bytes(std::span(id)));
}

key_id key_id_from_text(std::string_view text) {
  const auto bytes = base64url_decode(text);
  key_id id;
  if (!bytes || bytes->size() != id.size())
    throw std::invalid_argument(fmt::format(
        "'{:.60}' is not a key id, which is 43 characters of base64url", text));
  std::copy(bytes->begin(), bytes->end(), id.begin());
  return id;
}

public_key::public_key(crypto::curve c, std::span<const std::byte> point)
    : curve_(c) {
  if (point.size() != 2 * field_size(c))
    throw std::invalid_argument(
        fmt::format("a point on {} has {} bytes, not {}", jwk_curve_name(c),
                    2 * field_size(c), point.size()));
  require_on_curve(c, point);
  std::copy(point.begin(), point.end(), point_.begin());
  id_ = thumbprint(c, point);
}

std::span<const std::byte> public_key::point() const noexcept {
  return std::span(point_).first(2 * field_size(curve_));
}

struct private_key::secret {
  public_key public_half;
  Botan::secure_vector<std::uint8_t> scalar;
};

private_key private_key::generate(crypto::curve c,
                                  const random_source& random) {
  Botan::secure_vector<std::uint8_t> scalar(field_size(c));
  const auto bytes = std::as_writable_bytes(std::span(scalar));
  // FIPS 186-4 B.4.2: draw again until the number is in range. On P-256 one
  // draw in 2^32 is out of range; several in a row mean a broken source.
  for (int attempt = 0; attempt < 8; ++attempt) {
    random(bytes);
    if (in_range(c, bytes))
      return private_key(c, bytes);
  }
  throw std::runtime_error(
      "the random source is broken: 8 numbers in a row are out of range");
}

private_key::private_key(crypto::curve c, std::span<const std::byte> scalar) {
  if (scalar.size() != field_size(c) || !in_range(c, scalar))
    throw std::invalid_argument(
        fmt::format("not a private key of {}", jwk_curve_name(c)));
  secret_ = std::make_shared<const secret>(
      secret{public_key(c, point_of(c, scalar)),
             {octets(scalar), octets(scalar) + scalar.size()}});
}

crypto::curve private_key::curve() const noexcept {
  return secret_->public_half.curve();
}

const public_key& private_key::public_half() const noexcept {
  return secret_->public_half;
}

std::span<const std::byte> private_key::scalar() const noexcept {
  return std::as_bytes(std::span(secret_->scalar));
}

sec1_point to_sec1(const public_key& key) {
  if (key.curve() != curve::p256)
    throw std::invalid_argument("a message's encryption key is not on P-256");
  sec1_point point{std::byte{0x04}};
  std::ranges::copy(key.point(), point.begin() + 1);
  return point;
}

} // namespace chancery::crypto
