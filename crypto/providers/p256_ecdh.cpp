// SPDX-License-Identifier: Apache-2.0
#include "crypto/providers/p256_ecdh.hpp"

#include "crypto/base/bytes.hpp"
#include "crypto/keys/openssl_keys.hpp"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/err.h>
#include <openssl/obj_mac.h>

#include <stdexcept>
#include <utility>

namespace chancery::crypto {

namespace {

template <auto Free>
struct freed_by {
  template <class T>
  void operator()(T* p) const noexcept {
    Free(p);
  }
};
using group_ptr = std::unique_ptr<EC_GROUP, freed_by<EC_GROUP_free>>;
using point_ptr = std::unique_ptr<EC_POINT, freed_by<EC_POINT_clear_free>>;
using number_ptr = std::unique_ptr<BIGNUM, freed_by<BN_clear_free>>;
using workspace_ptr = std::unique_ptr<BN_CTX, freed_by<BN_CTX_free>>;

/// Not changed after its creation, so any thread may use it.
const EC_GROUP* p256_group() {
  static const group_ptr group(
      EC_GROUP_new_by_curve_name(NID_X9_62_prime256v1));
  if (!group)
    throw_openssl_error("libcrypto has no P-256");
  return group.get();
}

} // namespace

struct p256_ecdh::state {
  state()
      : scalar(BN_secure_new()), peer(EC_POINT_new(p256_group())),
        product(EC_POINT_new(p256_group())), x(BN_secure_new()),
        workspace(BN_CTX_secure_new()) {
    if (!scalar || !peer || !product || !x || !workspace)
      throw_openssl_error("libcrypto is out of memory");
    BN_set_flags(scalar.get(), BN_FLG_CONSTTIME);
  }

  number_ptr scalar;
  point_ptr peer;
  point_ptr product;
  number_ptr x;
  workspace_ptr workspace;
};

p256_ecdh::p256_ecdh(const private_key& key)
    : state_(std::make_unique<state>()) {
  if (key.curve() != curve::p256)
    throw std::invalid_argument("a message's encryption key is not on P-256");
  const auto scalar = key.scalar();
  if (BN_bin2bn(octets(scalar), static_cast<int>(scalar.size()),
                state_->scalar.get()) == nullptr)
    throw_openssl_error("libcrypto rejects a key");
}

p256_ecdh::p256_ecdh(std::unique_ptr<state> s) : state_(std::move(s)) {}
p256_ecdh::p256_ecdh(p256_ecdh&&) noexcept = default;
p256_ecdh& p256_ecdh::operator=(p256_ecdh&&) noexcept = default;
p256_ecdh::~p256_ecdh() = default;

p256_ecdh p256_ecdh::ephemeral(sec1_point& point) {
  auto s = std::make_unique<state>();
  const auto* group = p256_group();
  // SEC 1 3.2.1: a number from 1 to n-1.
  bool ok = true;
  do
    ok = BN_priv_rand_range(s->scalar.get(), EC_GROUP_get0_order(group)) == 1;
  while (ok && BN_is_zero(s->scalar.get()));
  if (!ok ||
      EC_POINT_mul(group, s->product.get(), s->scalar.get(), nullptr, nullptr,
                   s->workspace.get()) != 1 ||
      EC_POINT_point2oct(group, s->product.get(), POINT_CONVERSION_UNCOMPRESSED,
                         octets(std::span(point)), point.size(),
                         s->workspace.get()) != point.size())
    throw_openssl_error("libcrypto cannot generate a key");
  return p256_ecdh(std::move(s));
}

bool p256_ecdh::agree(const sec1_point& peer, std::span<std::byte, 32> shared) {
  const auto* group = p256_group();
  auto* work = state_->workspace.get();
  const bool ok =
      peer.front() == std::byte{0x04} && // it would take the hybrid form
      EC_POINT_oct2point(group, state_->peer.get(), octets(std::span(peer)),
                         peer.size(), work) == 1 &&
      EC_POINT_mul(group, state_->product.get(), nullptr, state_->peer.get(),
                   state_->scalar.get(), work) == 1 &&
      EC_POINT_get_affine_coordinates(group, state_->product.get(),
                                      state_->x.get(), nullptr, work) == 1 &&
      BN_bn2binpad(state_->x.get(), octets(shared), 32) == 32;
  BN_clear(state_->x.get());
  EC_POINT_set_to_infinity(group, state_->product.get());
  if (!ok)
    ERR_clear_error(); // a failure leaves its reason on the thread's queue
  return ok;
}

} // namespace chancery::crypto
