// SPDX-License-Identifier: Apache-2.0
#pragma once

// The format number of a JSON file of ours. Checked before anything else, as
// the rest may have another meaning in another format.

#include "crypto/jose/json_members.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <stdexcept>

namespace chancery::crypto {

/// The file was written by a newer version of the program.
class newer_format : public std::invalid_argument {
  using invalid_argument::invalid_argument;
};

/// `what` names the file's kind with its article. Throws newer_format for a
/// number over `newest`, and std::invalid_argument for no number or 0.
template <class Json>
void require_format(const Json& file, const char* member, std::uint64_t newest,
                    const char* what) {
  const auto format = number_member(file, member).value_or(0);
  if (format == 0)
    throw std::invalid_argument(
        fmt::format("it is not {} of this program", what));
  if (format > newest)
    throw newer_format(fmt::format(
        "it has format {}, which a newer version of this program wrote; this "
        "version reads formats up to {}",
        format, newest));
}

} // namespace chancery::crypto
