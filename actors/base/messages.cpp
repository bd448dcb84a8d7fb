// SPDX-License-Identifier: Apache-2.0
#include "actors/base/messages.hpp"

#include "actors/base/plain_text.hpp"

#include <caf/message.hpp>

#include <exception>
#include <utility>

namespace chancery::actors {

std::string to_string(fault f) {
  switch (f) {
  case fault::busy:
    return "busy";
  case fault::closing:
    return "closing";
  case fault::malformed:
    return "malformed";
  case fault::commit_failed:
    return "commit_failed";
  case fault::stuck:
    return "stuck";
  case fault::internal:
    return "internal";
  case fault::refused:
    return "refused";
  case fault::unreachable:
    return "unreachable";
  case fault::wrong_signature:
    return "wrong_signature";
  case fault::damaged:
    return "damaged";
  }
  return "unknown";
}

caf::error make_fault(fault f, std::string what) {
  return caf::make_error(f, std::move(what));
}

std::string caught_sentence() {
  try {
    throw;
  } catch (const std::exception& e) {
    return e.what();
  } catch (...) {
    return "an exception of an unknown type";
  }
}

std::string sentence_of(const std::exception_ptr& e) {
  try {
    std::rethrow_exception(e);
  } catch (...) {
    return caught_sentence();
  }
}

std::string sentence(const caf::error& e) {
  if (e && e.context().match_elements<std::string>())
    if (auto said = e.context().get_as<std::string>(0); !said.empty())
      return said;
  return caf::to_string(e);
}

std::string sentence_of_peer(const caf::error& e) {
  return plain_text(sentence(e), peer_sentence_max);
}

} // namespace chancery::actors
