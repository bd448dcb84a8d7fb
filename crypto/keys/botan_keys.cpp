// SPDX-License-Identifier: Apache-2.0
#include "crypto/keys/botan_keys.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/botan_group.hpp"

#include <botan/bigint.h>
#include <botan/ec_group.h>
#include <botan/ecdsa.h>
#include <botan/system_rng.h>

#include <utility>

namespace chancery::crypto {

namespace {

class source_rng final : public Botan::RandomNumberGenerator {
 public:
  explicit source_rng(random_source source) : source_(std::move(source)) {}

  void randomize(std::uint8_t out[], std::size_t size) override {
    source_(std::as_writable_bytes(std::span(out, size)));
  }
  bool accepts_input() const override { return false; }
  void add_entropy(const std::uint8_t[], std::size_t) override {}
  std::string name() const override { return "chancery random_source"; }
  void clear() override {}
  bool is_seeded() const override { return true; }

 private:
  random_source source_;
};

} // namespace

Botan::ECDSA_PublicKey to_botan(const public_key& key) {
  const auto& group = botan_group(key.curve());
  const auto half = field_size(key.curve());
  const auto* xy = octets(key.point());
  return {group,
          group.point(Botan::BigInt(xy, half), Botan::BigInt(xy + half, half))};
}

Botan::ECDSA_PrivateKey to_botan(const private_key& key) {
  // The generator only blinds the multiplication that finds the public point.
  return {Botan::system_rng(), botan_group(key.curve()),
          Botan::BigInt(octets(key.scalar()), key.scalar().size())};
}

std::unique_ptr<Botan::RandomNumberGenerator> to_botan(random_source random) {
  return std::make_unique<source_rng>(std::move(random));
}

} // namespace chancery::crypto
