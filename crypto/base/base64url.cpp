// SPDX-License-Identifier: Apache-2.0
#include "crypto/base/base64url.hpp"

#include "crypto/base/base64url_vbmi.hpp"
#include "crypto/base/bytes.hpp"

#include <algorithm>
#include <array>
#include <cstdint>

namespace chancery::crypto {

namespace {

// Text is processed in blocks of one size, the last one padded with zeros. So
// the loops over characters contain no condition and the compiler vectorizes
// them, which takes a quarter of the time.
constexpr std::size_t block_bytes = base64url_block_bytes;
constexpr std::size_t block_characters = base64url_block_characters;

using lane = std::int16_t;

/// The memory of one block, which may hold a secret.
struct block {
  std::array<std::uint8_t, block_bytes> bytes;
  std::array<lane, block_characters> values;
  std::array<char, block_characters> text;

  block() = default;
  block(const block&) = delete;
  block& operator=(const block&) = delete;
  ~block() { wipe(std::as_writable_bytes(std::span(this, 1))); }
};

// `sign(a - v)` is all ones exactly when v > a, so each line below adds its
// constant only inside its range of the alphabet. 16 bits suffice, and a vector
// has twice as many lanes of 16 bits as of an int.

lane sign(int n) { return static_cast<lane>(static_cast<lane>(n) >> 8); }

char character_of(lane v) {
  int c = v + 'A';
  c += sign(25 - v) & ('a' - 'A' - 26);
  c += sign(51 - v) & ('0' - 'a' - 26);
  c += sign(61 - v) & ('-' - '0' - 10);
  c += sign(62 - v) & ('_' - '-' - 1);
  return static_cast<char>(c);
}

/// -1 for a character outside the alphabet.
lane value_of(char character) {
  const lane c = static_cast<unsigned char>(character);
  const auto within = [c](int first, int last) {
    return sign((first - 1 - c) & (c - last - 1));
  };
  int v = -1;
  v += within('A', 'Z') & (c - 'A' + 1);
  v += within('a', 'z') & (c - 'a' + 27);
  v += within('0', '9') & (c - '0' + 53);
  v += within('-', '-') & 63;
  v += within('_', '_') & 64;
  return static_cast<lane>(v);
}

/// Bytes to text.
void encode(block& b) {
  auto* v = b.values.data();
  for (std::size_t i = 0; i < block_bytes; i += 3, v += 4) {
    const int one = b.bytes[i], two = b.bytes[i + 1], three = b.bytes[i + 2];
    v[0] = static_cast<lane>(one >> 2);
    v[1] = static_cast<lane>((one << 4 | two >> 4) & 63);
    v[2] = static_cast<lane>((two << 2 | three >> 6) & 63);
    v[3] = static_cast<lane>(three & 63);
  }
  for (std::size_t i = 0; i < block_characters; ++i)
    b.text[i] = character_of(b.values[i]);
}

/// Text to bytes; negative when a character is outside the alphabet.
int decode(block& b) {
  lane bad = 0;
  for (std::size_t i = 0; i < block_characters; ++i) {
    b.values[i] = value_of(b.text[i]);
    bad |= b.values[i];
  }
  const auto* v = b.values.data();
  for (std::size_t i = 0; i < block_bytes; i += 3, v += 4) {
    b.bytes[i] = static_cast<std::uint8_t>(v[0] << 2 | v[1] >> 4);
    b.bytes[i + 1] = static_cast<std::uint8_t>(v[1] << 4 | v[2] >> 2);
    b.bytes[i + 2] = static_cast<std::uint8_t>(v[2] << 6 | v[3]);
  }
  return bad;
}

#ifdef CHANCERY_BASE64_VBMI
/// Whether this processor takes whole blocks in registers, and does it right.
bool has_vectors() {
  static const bool has = [] {
    if (!__builtin_cpu_supports("avx512f") ||
        !__builtin_cpu_supports("avx512bw") ||
        !__builtin_cpu_supports("avx512vbmi"))
      return false;
    block plain;
    for (std::size_t i = 0; i < block_bytes; ++i)
      plain.bytes[i] = static_cast<std::uint8_t>(i * 167 + 13);
    encode(plain);
    std::array<char, block_characters> text;
    std::array<std::uint8_t, block_bytes> bytes;
    base64url_encode_blocks(plain.bytes.data(), 1, text.data());
    return text == plain.text &&
           base64url_decode_blocks(text.data(), 1, bytes.data()) &&
           bytes == plain.bytes;
  }();
  return has;
}
#endif

/// Encodes whole blocks, where the processor can, and takes them off the data.
/// Returns what follows them in the text.
char* encode_blocks([[maybe_unused]] std::span<const std::byte>& data,
                    char* to) {
#ifdef CHANCERY_BASE64_VBMI
  const auto blocks = data.size() / block_bytes;
  if (blocks > 0 && has_vectors()) {
    base64url_encode_blocks(octets(data), blocks, to);
    data = data.subspan(blocks * block_bytes);
    to += blocks * block_characters;
  }
#endif
  return to;
}

/// The same for decoding; sets `bad` below zero for a stray character.
std::uint8_t* decode_blocks([[maybe_unused]] std::string_view& text,
                            std::uint8_t* to, [[maybe_unused]] int& bad) {
#ifdef CHANCERY_BASE64_VBMI
  const auto blocks = text.size() / block_characters;
  if (blocks > 0 && has_vectors()) {
    if (!base64url_decode_blocks(text.data(), blocks, to))
      bad = -1;
    text.remove_prefix(blocks * block_characters);
    to += blocks * block_bytes;
  }
#endif
  return to;
}

/// Encodes b.bytes.
void encode_padded(block& b) {
#ifdef CHANCERY_BASE64_VBMI
  if (has_vectors())
    return base64url_encode_blocks(b.bytes.data(), 1, b.text.data());
#endif
  encode(b);
}

template <class String>
String encode(std::span<const std::byte> data) {
  String out(base64url_size(data.size()), '\0');
  base64url_encode(data, out.data());
  return out;
}

/// Fills `to`, which has room for exactly what `text` encodes.
bool decode(std::string_view text, std::uint8_t* to) {
  if (text.size() % 4 == 1)
    return false;
  int bad = 0;
  int stray = 0;
  to = decode_blocks(text, to, bad);
  block b;
  while (!text.empty()) {
    const auto size = std::min(text.size(), block_characters);
    const auto written = size * 3 / 4;
    std::fill(std::copy_n(text.begin(), size, b.text.begin()), b.text.end(),
              'A'); // decodes to zeros
    bad |= decode(b);
    to = std::copy_n(b.bytes.begin(), written, to);
    if (written < block_bytes)
      stray = b.bytes[written]; // the bits after the last whole byte
    text.remove_prefix(size);
  }
  return bad >= 0 && stray == 0;
}

template <class String>
std::optional<String> decode(std::string_view text) {
  String out(text.size() * 3 / 4, '\0');
  if (!decode(text, octets(std::as_writable_bytes(std::span(out)))))
    return std::nullopt;
  return out;
}

} // namespace

char* base64url_encode(std::span<const std::byte> data, char* to) {
  to = encode_blocks(data, to);
  if (data.empty())
    return to;
  block b;
  while (!data.empty()) {
    const auto size = std::min(data.size(), block_bytes);
    std::fill(std::copy_n(octets(data), size, b.bytes.begin()), b.bytes.end(),
              std::uint8_t{0});
    encode_padded(b);
    to = std::copy_n(b.text.begin(), base64url_size(size), to);
    data = data.subspan(size);
  }
  return to;
}

std::string base64url_encode(std::span<const std::byte> data) {
  return encode<std::string>(data);
}

std::optional<std::string> base64url_decode(std::string_view text) {
  return decode<std::string>(text);
}

bool base64url_decode(std::string_view text, std::span<std::byte> bytes) {
  return text.size() * 3 / 4 == bytes.size() && decode(text, octets(bytes));
}

secret_string base64url_encode_secret(std::span<const std::byte> data) {
  return encode<secret_string>(data);
}

std::optional<secret_string> base64url_decode_secret(std::string_view text) {
  return decode<secret_string>(text);
}

} // namespace chancery::crypto
