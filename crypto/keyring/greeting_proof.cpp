// SPDX-License-Identifier: Apache-2.0
#include "crypto/keyring/greeting_proof.hpp"

#include "crypto/base/bytes.hpp"

#include <botan/mac.h>
#include <botan/mem_ops.h>
#include <botan/secmem.h>

namespace chancery::crypto {

namespace {

std::string_view label_of(greeting_side side) {
  return side == greeting_side::coordinator ? "chancery-greeting-coordinator-2"
                                            : "chancery-greeting-worker-2";
}

void put_number(std::uint32_t value, std::string& out) {
  for (int shift = 24; shift >= 0; shift -= 8)
    out.push_back(static_cast<char>(value >> shift & 0xff));
}

void put_text(const std::string& text, std::string& out) {
  put_number(static_cast<std::uint32_t>(text.size()), out);
  out += text;
}

std::string proof_input(greeting_side side, const greeting_terms& terms) {
  std::string out(label_of(side));
  put_text(terms.worker_nonce, out);
  put_text(terms.coordinator_nonce, out);
  put_text(terms.worker_instance, out);
  put_text(terms.coordinator_instance, out);
  put_text(terms.folder, out);
  put_number(terms.epoch, out);
  put_text(terms.epoch_id, out);
  put_text(terms.worker_serial, out);
  put_text(terms.coordinator_serial, out);
  put_text(terms.channel_binding, out);
  return out;
}

} // namespace

struct greeting_prover::state {
  Botan::secure_vector<std::uint8_t> secret;
};

greeting_prover::greeting_prover(std::span<const std::byte> lease_secret)
    : state_(std::make_shared<const state>(
          state{{octets(lease_secret),
                 octets(lease_secret) + lease_secret.size()}})) {}

// A MAC of its own for each call, as Botan's belong to one thread.
std::string greeting_prover::mac(greeting_side side,
                                 const greeting_terms& terms) const {
  const auto hmac =
      Botan::MessageAuthenticationCode::create_or_throw("HMAC(SHA-256)");
  hmac->set_key(state_->secret);
  const auto input = proof_input(side, terms);
  hmac->update(octets(bytes_of(input)), input.size());
  std::string made(mac_size, '\0');
  hmac->final(octets(std::as_writable_bytes(std::span(made))));
  return made;
}

bool greeting_prover::check(greeting_side side, const greeting_terms& terms,
                            std::string_view mac) const {
  const auto expected = this->mac(side, terms);
  return mac.size() == expected.size() &&
         Botan::constant_time_compare(octets(bytes_of(mac)),
                                      octets(bytes_of(expected)),
                                      expected.size());
}

} // namespace chancery::crypto
