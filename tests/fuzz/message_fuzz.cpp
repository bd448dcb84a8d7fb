// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for what a stranger can send to the node, on every layer.
// The first byte selects the layer, so that the fuzzer does not have to
// discover base64url and encryption first. No exception but crypto::refused may
// escape, and an accepted payload must survive encoding and parsing again.
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/random.hpp"
#include "crypto/ledger/message_opener.hpp"
#include "crypto/ledger/node_identity.hpp"
#include "crypto/ledger/refusal.hpp"

#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace {

using namespace chancery::crypto;

// A fixed identity, so that findings are reproducible.
node_identity fixed_identity() {
  std::uint8_t next = 1;
  return make_node_identity([&next](std::span<std::byte> out) {
    for (auto& b : out)
      b = static_cast<std::byte>(next++);
  });
}

void require(bool holds) {
  if (!holds)
    std::abort();
}

std::string encoded(std::string_view text) {
  return base64url_encode(bytes_of(text));
}

/// Removes the text up to the first zero byte and returns it.
std::string_view take(std::string_view& text) {
  const auto end = text.find('\0');
  const auto front = text.substr(0, end);
  text.remove_prefix(end == text.npos ? text.size() : end + 1);
  return front;
}

void open_payload(std::string_view text) {
  const auto m = message_from_json(text);
  const auto again = message_from_json(to_json(m));
  require(again.client == m.client && again.sequence == m.sequence &&
          again.time == m.time && again.node == m.node && again.body == m.body);
}

void open_jws(std::string_view header, std::string_view payload) {
  const std::string signature(86, 'A');
  const auto compact =
      encoded(header) + "." + encoded(payload) + "." + signature;
  for (const auto type : {message_type, registration_type, receipt_type}) {
    try {
      const auto parts = parse_signed(compact, type);
      require(parts.payload == payload);
      require(payload_part(compact) == encoded(payload));
    } catch (const refused&) {
    }
  }
}

void open_jwe(message_opener& opener, std::string_view header,
              std::string_view rest) {
  const std::string iv(16, 'A');
  const std::string tag(22, 'A');
  opener.open(encoded(header) + ".." + iv + "." + encoded(rest) + "." + tag);
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  static const auto identity = fixed_identity();
  static message_opener opener(identity.id(), identity.encryption,
                               single_signatures);
  if (size == 0)
    return 0;
  std::string_view text(reinterpret_cast<const char*>(data) + 1, size - 1);
  try {
    switch (data[0]) {
    case 'e': // a whole message, JWE or not
      opener.open(text);
      break;
    case 'h': { // header, zero, ciphertext
      const auto header = take(text);
      open_jwe(opener, header, text);
      break;
    }
    case 's': { // header, zero, payload
      const auto header = take(text);
      open_jws(header, text);
      break;
    }
    case 'r': // a whole registration
      opener.open_registration(text);
      break;
    default:
      open_payload(text);
      break;
    }
  } catch (const refused& r) {
    require(refusal_from_text(to_text(r.code())) == r.code());
  }
  return 0;
}
