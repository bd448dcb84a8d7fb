// SPDX-License-Identifier: Apache-2.0
#include "storage/withdrawn_row.hpp"

#include "storage/row_bytes.hpp"

namespace chancery::storage {

namespace {

constexpr std::size_t row_size = 55;

/// The length of the UTF-8 character at the beginning of `text`; 0 when it is
/// malformed or a control character (RFC 3629 4, and C0, DEL and C1).
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto tail = [&](std::size_t i) { return (byte(i) & 0xc0) == 0x80; };
  const unsigned a = byte(0);
  const unsigned b = byte(1);
  if (a < 0x80)
    return a >= 0x20 && a != 0x7f ? 1 : 0;
  if (a >= 0xc2 && a < 0xe0)
    return tail(1) && (a > 0xc2 || b >= 0xa0) ? 2 : 0;
  if (a >= 0xe0 && a < 0xf0) {
    const bool short_form = a == 0xe0 && b < 0xa0;
    const bool surrogate = a == 0xed && b >= 0xa0;
    return tail(1) && tail(2) && !short_form && !surrogate ? 3 : 0;
  }
  if (a >= 0xf0 && a < 0xf5) {
    const bool short_form = a == 0xf0 && b < 0x90;
    const bool too_large = a == 0xf4 && b >= 0x90;
    return tail(1) && tail(2) && tail(3) && !short_form && !too_large ? 4 : 0;
  }
  return 0;
}

} // namespace

bool is_withdrawal_reason(std::string_view text) {
  if (text.empty() || text.size() > withdrawal_reason_max)
    return false;
  while (!text.empty()) {
    const auto size = character_size(text);
    if (size == 0)
      return false;
    text.remove_prefix(size);
  }
  return true;
}

std::string withdrawn_key(std::uint64_t record, std::uint64_t event) {
  return row_writer().number(record).number(event).take();
}

std::string encode(const withdrawn_row& row) {
  row_writer w;
  w.number(row.batch.first).text(encode(row.batch)).number(row.time_ms);
  w.text({reinterpret_cast<const char*>(row.signature.data()),
          row.signature.size()});
  return w.text(row.reason).take();
}

withdrawn_row decode_withdrawn_row(std::span<const std::byte> key,
                                   std::span<const std::byte> value,
                                   std::size_t signature_size) {
  withdrawn_row row;
  row_reader k(key, "the key of a withdrawn signature");
  row.record = k.number<std::uint64_t>();
  row.event = k.number<std::uint64_t>();
  k.end();
  row_reader v(value, "a withdrawn signature");
  const auto first = v.number<std::uint64_t>();
  const auto batch = v.text(row_size);
  row.batch = decode_batch_row(first, std::as_bytes(std::span(batch)));
  row.time_ms = v.number<std::uint64_t>();
  const auto signature = v.text(signature_size);
  const auto bytes = std::as_bytes(std::span(signature));
  row.signature.assign(bytes.begin(), bytes.end());
  row.reason = v.text();
  if (!is_withdrawal_reason(row.reason))
    v.fail("no readable reason");
  return row;
}

} // namespace chancery::storage
