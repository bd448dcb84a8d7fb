// SPDX-License-Identifier: Apache-2.0
#include "storage/withdrawn_row.hpp"

#include "storage/row_bytes.hpp"
#include "storage/utf8.hpp"

namespace chancery::storage {

namespace {

constexpr std::size_t row_size = 55;

} // namespace

bool is_withdrawal_reason(std::string_view text) {
  if (text.empty() || text.size() > withdrawal_reason_max)
    return false;
  while (!text.empty()) {
    const auto [size, code] = utf8_front(text);
    if (size == 0 || is_control(code))
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
