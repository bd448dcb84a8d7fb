// SPDX-License-Identifier: Apache-2.0
#pragma once

// The API's routes: which request is answered by what, who may send it, and
// what body and parameters it may have. openapi.json describes the same routes;
// a test holds the two against each other. Built once, then only read: any
// thread.

#include "apps/api/tokens.hpp"
#include "apps/http/http_message.hpp"
#include "apps/http/http_stream.hpp"

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace chancery::apps {

/// A request that has passed every check that is common to routes.
struct api_request {
  http_request http;
  /// Of the pattern's {names}, in their order.
  std::vector<std::string> values;
  std::string id; ///< Request-Id
  /// The body's media type in lower case, without parameters; of POST alone.
  std::string type;
  /// The token's or certificate's entry, if one was sent.
  std::optional<token_entry> caller;
  /// The server asks nobody for a token.
  bool open = false;

  bool may(scope s) const { return open || (caller && caller->scopes.has(s)); }

  std::optional<std::string_view> parameter(std::string_view name) const {
    return http.target.find(name);
  }
};

/// A media type that a route takes, and its size.
struct body_kind {
  std::string_view type;
  std::uint64_t bytes_max;
};

/// Handlers may throw `problem`.
using answered_now = std::function<http_response(const api_request&)>;
/// The same, but it may take over a millisecond: it runs in the pool.
struct answered_slowly {
  answered_now work;
};
/// The answer comes later, from any thread.
using answered_later =
    std::function<void(const api_request&, const http_responder&)>;
/// What may come within the seconds of the parameter `wait`. Without a value it
/// is tried again, about ten times a second; `last` says that it has to answer
/// as it is now.
struct answered_when_there {
  std::function<std::optional<http_response>(const api_request&, bool last)>
      work;
  bool slowly = false; ///< an attempt may take over a millisecond
};
/// What a request waits for that has been stored, and its answer.
struct stored_answer {
  /// Whether all has come for which the caller's `wait` allows to wait; takes
  /// less than a millisecond. One thread at a time.
  std::function<bool()> there;
  /// In the pool; may throw `problem`.
  std::function<http_response()> make;
};
/// Hands work to another part of the program, which calls `then` once, from any
/// thread and without waiting; or throws. What waits with the parameter `wait`
/// waits from then on, and is answered as it is when there is no place to wait.
/// Bodies over 16 KiB begin in the pool.
struct answered_once_stored {
  std::function<void(const api_request&,
                     const std::function<void(stored_answer)>& then)>
      begin;
};
/// The answer's body comes piece by piece, until its owner or the peer ends it.
struct answered_by_stream {
  std::string_view type;  ///< Content-Type
  std::size_t unread_max; ///< as make_http_stream
  /// Takes the stream; not called for HEAD. `may_read` says whether the request
  /// would still be let in now: any thread, as long as one likes.
  std::function<void(const api_request&, http_stream stream,
                     std::function<bool()> may_read)>
      begin;
};
/// Answered as not_supported, and not in openapi.json.
struct planned {};

struct route {
  std::string_view method;    ///< GET (which serves HEAD, too) or POST
  std::string_view pattern;   ///< "/v1/blocks/{index}"
  std::string_view operation; ///< operationId in openapi.json
  /// What a token must have; unset: no token is needed.
  std::optional<scope> needs;
  /// Query parameters; any other is refused.
  std::vector<std::string_view> parameters;
  std::vector<body_kind> bodies;
  std::variant<planned, answered_now, answered_slowly, answered_later,
               answered_when_there, answered_once_stored, answered_by_stream>
      work;
};

class route_table {
 public:
  struct match {
    const route* found = nullptr;
    std::vector<std::string> values;
    /// When the path is known, but not with this method: "GET, HEAD".
    std::string allow;
  };

  void add(route r);
  const std::vector<route>& routes() const noexcept { return routes_; }

  /// A literal segment is preferred to a "{name}.suffix", and that to a {name}.
  match find(std::string_view method,
             const std::vector<std::string>& segments) const;

 private:
  std::vector<route> routes_;
  /// The segments of each route's pattern.
  std::vector<std::vector<std::string_view>> patterns_;
};

} // namespace chancery::apps
