// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "apps/http/http_book.hpp"
#include "apps/http/http_limits.hpp"
#include "apps/http/http_message.hpp"

#include <memory>

namespace chancery::apps {

/// What all connections of a server share. It stays as it is while they live.
struct http_parts {
  http_limits limits;
  http_handler handler;
  std::shared_ptr<http_book> book;
};

} // namespace chancery::apps
