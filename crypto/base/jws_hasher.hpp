// SPDX-License-Identifier: Apache-2.0
#pragma once

// Hashes what JWS sign (RFC 7515 section 5.1): a header in base64url, a dot,
// and the payload in base64url. Many payloads share a header, and many headers
// a beginning, which are hashed once.

#include "crypto/base/curve.hpp"

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>

namespace chancery::crypto {

/// The state of a curve's hash (curve.hpp) behind a text. A value; any thread.
class hash_prefix {
 public:
  hash_prefix(curve c, std::string_view text);

  /// The state behind `more`, too.
  hash_prefix then(std::string_view more) const;

 private:
  friend class jws_hasher;
  struct state;
  explicit hash_prefix(std::shared_ptr<const state> s);
  std::shared_ptr<const state> state_;
};

/// Belongs to one thread at a time.
class jws_hasher {
 public:
  explicit jws_hasher(curve c);
  jws_hasher(jws_hasher&&) noexcept;
  jws_hasher& operator=(jws_hasher&&) noexcept;
  ~jws_hasher();

  /// Bytes of a digest.
  std::size_t size() const noexcept { return size_; }

  /// Writes size() bytes for each payload, in their order. `before` is the
  /// state behind the dot, of this curve. Throws std::invalid_argument when
  /// `digests` is too small.
  void operator()(const hash_prefix& before,
                  std::span<const std::span<const std::byte>> payloads,
                  std::span<std::byte> digests);

 private:
  struct context;
  std::unique_ptr<context> context_;
  std::size_t size_;
};

} // namespace chancery::crypto
