// SPDX-License-Identifier: Apache-2.0
#pragma once

// Our keys as libcrypto's objects, for .cpp files of crypto/ only. OpenSSL's
// types are forward-declared, so that no header of chancery depends on OpenSSL.

#include "crypto/keys/key.hpp"

#include <memory>

struct evp_cipher_ctx_st;
struct evp_cipher_st;
struct evp_pkey_ctx_st;
struct evp_pkey_st;

namespace chancery::crypto {

/// Frees libcrypto's objects; libcrypto overwrites keys when it frees them.
struct openssl_free {
  void operator()(evp_cipher_ctx_st* p) const noexcept;
  void operator()(evp_cipher_st* p) const noexcept;
  void operator()(evp_pkey_ctx_st* p) const noexcept;
  void operator()(evp_pkey_st* p) const noexcept;
};
using cipher_context_ptr = std::unique_ptr<evp_cipher_ctx_st, openssl_free>;
using cipher_ptr = std::unique_ptr<evp_cipher_st, openssl_free>;
using pkey_context_ptr = std::unique_ptr<evp_pkey_ctx_st, openssl_free>;
using pkey_ptr = std::unique_ptr<evp_pkey_st, openssl_free>;

/// Throws std::runtime_error with `what` and the first reason on the thread's
/// error queue, and clears the queue.
[[noreturn]] void throw_openssl_error(const char* what);

/// Both throw std::runtime_error.
pkey_ptr to_openssl(const public_key& key);
pkey_ptr to_openssl(const private_key& key);

/// A context for the operation that `init` starts, such as EVP_PKEY_sign_init.
/// It keeps the key alive. Throws std::runtime_error.
pkey_context_ptr ready_context(evp_pkey_st* key, int (*init)(evp_pkey_ctx_st*));

} // namespace chancery::crypto
