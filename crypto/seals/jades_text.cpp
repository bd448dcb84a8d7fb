// SPDX-License-Identifier: Apache-2.0
#include "crypto/seals/jades_text.hpp"

#include "crypto/base/base64url.hpp"

namespace chancery::crypto {

namespace {

void append_encoded(std::span<const std::byte> bytes, std::string& text) {
  const auto at = text.size();
  text.resize(at + base64url_size(bytes.size()));
  base64url_encode(bytes, text.data() + at);
}

std::string with_room(std::string_view header,
                      std::span<const std::byte> record,
                      std::span<const std::byte> signature) {
  constexpr std::size_t around = 64; // more than the JSON's own characters
  std::string text;
  text.reserve(header.size() + base64url_size(record.size()) +
               base64url_size(signature.size()) + around);
  return text;
}

} // namespace

std::string jades_compact(std::string_view header,
                          std::span<const std::byte> record,
                          std::span<const std::byte> signature) {
  auto text = with_room(header, record, signature);
  text += header;
  text += '.';
  append_encoded(record, text);
  text += '.';
  append_encoded(signature, text);
  return text;
}

std::string jades_flattened(std::string_view header,
                            std::span<const std::byte> record,
                            std::span<const std::byte> signature) {
  auto text = with_room(header, record, signature);
  text += R"({"payload":")";
  append_encoded(record, text);
  text += R"(","protected":")";
  text += header;
  text += R"(","signature":")";
  append_encoded(signature, text);
  text += R"("})";
  return text;
}

} // namespace chancery::crypto
