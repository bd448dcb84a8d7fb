// SPDX-License-Identifier: Apache-2.0
#pragma once

// An origin on the command line (RFC 6454): scheme, host and port of a server,
// as browsers write it and as a Content-Security-Policy can name it. Pure
// functions; any thread.

#include <string>
#include <string_view>

namespace chancery::apps {

/// "https://ledger.example": in lower case, without the scheme's own port. It
/// consists of letters, digits, hyphens, dots, colons and slashes alone. Throws
/// usage_error that quotes `text` and its option's name, `option`.
std::string parse_origin(std::string_view option, std::string_view text);

} // namespace chancery::apps
