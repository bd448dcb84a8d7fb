// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace chancery::apps {

/// apps/records/verify_seal.sh, which verifies a seal with OpenSSL alone. Any
/// thread.
std::string_view verify_script() noexcept;

} // namespace chancery::apps
