// SPDX-License-Identifier: Apache-2.0
#pragma once

// Frames of CAF's wire protocol as a peer sends them, valid or forged. The
// bytes were recorded between two actor systems of CAF 0.17.6.

#include "actors/transport/frame_check.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace chancery::tests {

/// "default" as an atom, process 0x3ef6, and a host that ends in `last`.
inline std::string node(char last) {
  std::string id("\x00\x00\x3e\x9a\xab\x9b\xac\x79\x00\x00\x3e\xf6", 12);
  id.append(19, 'h');
  return id + last;
}

inline actors::node_bytes node_id(char last) {
  actors::node_bytes id{};
  const auto text = node(last);
  for (std::size_t i = 0; i < id.size(); ++i)
    id[i] = static_cast<std::byte>(text[i]);
  return id;
}

inline std::string big_endian(std::uint64_t value, int bytes) {
  std::string text;
  while (bytes-- > 0)
    text += static_cast<char>(value >> (8 * bytes) & 0xff);
  return text;
}

struct frame {
  std::uint8_t operation = 0;
  std::uint64_t data = 0;
  std::uint64_t source = 0;
  std::uint64_t destination = 0;
  std::string payload{};
  std::uint8_t flags = 0;
  std::uint16_t padding = 0;

  std::string bytes() const { return bytes_with_length(payload.size()); }

  std::string bytes_with_length(std::uint64_t length) const {
    return big_endian(operation, 1) + big_endian(padding, 2) +
           big_endian(flags, 1) + big_endian(length, 4) + big_endian(data, 8) +
           big_endian(source, 8) + big_endian(destination, 8) + payload;
  }
};

/// A string of under 16,384 bytes.
inline std::string counted(std::string_view text) {
  std::string length;
  if (text.size() >= 0x80)
    length += static_cast<char>(0x80 | (text.size() & 0x7f));
  length +=
      static_cast<char>(text.size() < 0x80 ? text.size() : text.size() >> 7);
  return length + std::string(text);
}

inline std::string message(std::string_view types, std::string_view values) {
  return big_endian(0, 2) + counted(types) + std::string(values);
}

inline std::string error_of(std::string_view types, std::string_view values) {
  return big_endian(7, 1) + big_endian(0x0fa2d9b3a2adfe, 8) +
         message(types, values);
}

inline constexpr std::uint64_t request_id = 0x1000000000000002;
inline constexpr std::uint64_t answer_bit = std::uint64_t{1} << 63;
inline constexpr std::uint64_t spawn_server = 0x03ddd66f3376adfb;
inline constexpr std::uint64_t config_server = 0x03e9d6a9e0aef5b8;

inline frame client_handshake(char last) {
  return {.operation = 1, .payload = node(last)};
}

inline frame server_handshake(char last) {
  return {.operation = 0,
          .data = 3,
          .payload = node(last) + '\x01' + counted("generic-caf-app") +
                     big_endian(6, 8) + '\x01' + counted("an interface")};
}

inline frame direct(std::uint64_t to, std::string_view types,
                    std::string_view values) {
  return {.operation = 2,
          .data = request_id,
          .source = 6,
          .destination = to,
          .payload = '\0' + message(types, values)};
}

/// A message as this side of a link may get it: the dialling side gets answers.
inline frame on(actors::link_side side, frame f) {
  if (side == actors::link_side::dialling && f.operation == 2)
    f.data |= answer_bit;
  return f;
}

inline frame monitor(std::uint64_t whom, char from, char to) {
  return {
      .operation = 4, .destination = whom, .payload = node(from) + node(to)};
}

inline frame down(std::uint64_t whom, char from, char to,
                  const std::string& error) {
  return {
      .operation = 5, .source = whom, .payload = node(from) + node(to) + error};
}

inline frame heartbeat() { return {.operation = 6}; }

} // namespace chancery::tests
