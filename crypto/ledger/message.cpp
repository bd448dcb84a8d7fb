// SPDX-License-Identifier: Apache-2.0
#include "crypto/ledger/message.hpp"

#include "crypto/base/base64url.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/jose/strict_json.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <span>
#include <stdexcept>

namespace chancery::crypto {

// Every value except a message's body is a number, base64url or an RFC 3339
// time, so there is nothing to escape. fmt takes a tenth of the time that
// building a JSON document takes.

namespace {

void require_sequence(std::uint64_t sequence) {
  if (sequence == 0 || sequence > sequence_max)
    throw std::invalid_argument(
        "a sequence number is not between 1 and 2^53 - 1");
}

void require_index(std::uint64_t index) {
  if (index > sequence_max)
    throw std::invalid_argument("an index is over 2^53 - 1");
}

void require_time(std::string_view time) {
  if (!time_from_rfc3339(time))
    throw std::invalid_argument("a time is not RFC 3339 in UTC");
}

/// Parses the body inside an array: in the message, too, it is one level down,
/// and must keep the reader's nesting limit there. The array must have one
/// element, as `1,2` is valid inside it; `1],[2` is not.
void require_one_value(std::string_view body) {
  if (parse_strict_json(fmt::format("[{}]", body)).size() != 1)
    throw std::invalid_argument("a message's body is not one JSON value");
}

std::string text_of_hash(const hash_bytes& hash) {
  return base64url_encode(std::as_bytes(std::span(hash)));
}

std::string jwk_of(const public_key& key, std::string_view use,
                   std::string_view alg) {
  if (key.curve() != curve::p256)
    throw std::invalid_argument("a node's key is not on P-256");
  return fmt::format(R"({{"kty":"EC","crv":"P-256","x":"{}","y":"{}",)"
                     R"("kid":"{}","use":"{}","alg":"{}"}})",
                     base64url_encode(key.point().first(32)),
                     base64url_encode(key.point().subspan(32)),
                     to_text(key.id()), use, alg);
}

} // namespace

std::string to_json(const message& m) {
  require_sequence(m.sequence);
  require_time(m.time);
  require_one_value(m.body);
  auto text = fmt::format(
      R"({{"v":1,"client":"{}","seq":{},"time":"{}","node":"{}","body":{}}})",
      to_text(m.client), m.sequence, m.time, to_text(m.node), m.body);
  if (text.size() > payload_size_max)
    throw std::invalid_argument(
        fmt::format("a message of {} bytes is over the limit of {}",
                    text.size(), payload_size_max));
  return text;
}

std::string to_json(const registration& r) {
  require_time(r.time);
  return fmt::format(R"({{"v":1,"client":"{}","node":"{}","time":"{}"}})",
                     to_text(r.client), to_text(r.node), r.time);
}

std::string to_json(const receipt& r) {
  require_sequence(r.sequence);
  require_index(r.index);
  std::string block = "null";
  if (r.block) {
    require_index(r.block->index);
    block = fmt::format(R"({{"index":{},"hash":"{}"}})", r.block->index,
                        text_of_hash(r.block->hash));
  }
  return fmt::format(R"({{"v":1,"node":"{}","client":"{}","seq":{},)"
                     R"("index":{},"leaf":"{}","time":"{}","block":{}}})",
                     to_text(r.node), to_text(r.client), r.sequence, r.index,
                     text_of_hash(r.leaf), to_rfc3339(r.time_ms), block);
}

std::string to_json(const node_keys& k) {
  if (k.block_size == 0 || k.block_size > block_size_max)
    throw std::invalid_argument("a block's size is out of range");
  if (k.signing == k.encryption)
    throw std::invalid_argument("a node's two keys are the same");
  return fmt::format(R"({{"v":1,"node":"{}","keys":[{},{}],"block_size":{}}})",
                     to_text(k.signing.id()), jwk_of(k.signing, "sig", "ES256"),
                     jwk_of(k.encryption, "enc", "ECDH-ES"), k.block_size);
}

} // namespace chancery::crypto
