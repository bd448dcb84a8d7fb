// SPDX-License-Identifier: Apache-2.0
#pragma once

// A certificate as libcrypto's object, for .cpp files of this folder. OpenSSL's
// types are forward-declared, so that no header of chancery depends on OpenSSL.

#include "crypto/certificates/certificate.hpp"

#include <memory>

struct x509_st;

namespace chancery::crypto {

struct x509_free {
  void operator()(x509_st* p) const noexcept;
};
using x509_ptr = std::unique_ptr<x509_st, x509_free>;

/// Throws std::runtime_error when libcrypto cannot read it.
x509_ptr to_x509(const certificate& c);

} // namespace chancery::crypto
