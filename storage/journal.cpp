// SPDX-License-Identifier: Apache-2.0
#include "storage/journal.hpp"

#include "storage/big_endian.hpp"
#include "storage/errors.hpp"

#include <algorithm>
#include <concepts>

namespace chancery::storage {

namespace {

enum class kind : std::uint8_t { opened = 1, lent, returned, lost, closed };

class writer {
 public:
  explicit writer(kind k) { number(static_cast<std::uint8_t>(k)); }
  writer() = default;

  template <std::unsigned_integral T>
  writer& number(T value) {
    append_big_endian(out_, value);
    return *this;
  }

  writer& flag(bool value) { return number<std::uint8_t>(value ? 1 : 0); }

  template <std::size_t N>
  writer& bytes(const std::array<std::uint8_t, N>& value) {
    out_.append(value.begin(), value.end());
    return *this;
  }

  writer& text(const std::string& value) {
    out_ += value;
    return *this;
  }

  std::string take() { return std::move(out_); }

 private:
  std::string out_;
};

class reader {
 public:
  reader(std::span<const std::byte> bytes, const char* what)
      : rest_(bytes), what_(what) {}

  template <std::unsigned_integral T>
  T number() {
    return from_big_endian<T>(take(sizeof(T)));
  }

  bool flag() {
    const auto value = number<std::uint8_t>();
    if (value > 1)
      fail("a flag that is neither 0 nor 1");
    return value == 1;
  }

  template <std::size_t N>
  std::array<std::uint8_t, N> bytes() {
    std::array<std::uint8_t, N> out{};
    std::ranges::transform(take(N), out.begin(), [](std::byte b) {
      return std::to_integer<std::uint8_t>(b);
    });
    return out;
  }

  std::string text() {
    const auto all = take(rest_.size());
    return {reinterpret_cast<const char*>(all.data()), all.size()};
  }

  bool at_end() const { return rest_.empty(); }

  void end() const {
    if (!at_end())
      fail("bytes after its end");
  }

  [[noreturn]] void fail(const char* why) const {
    throw corrupt(std::string(what_) + " has " + why +
                  ": the database is damaged, restore it from a backup");
  }

 private:
  std::span<const std::byte> take(std::size_t n) {
    if (rest_.size() < n)
      fail("too few bytes");
    const auto out = rest_.first(n);
    rest_ = rest_.subspan(n);
    return out;
  }

  std::span<const std::byte> rest_;
  const char* what_;
};

struct event_encoder {
  std::string operator()(const epoch_opened& e) const {
    writer w(kind::opened);
    w.number(e.epoch).bytes(e.id).number(e.batch_size).number(e.provider);
    w.number(e.ttl_ms_max).flag(e.remote_possible).number(e.records);
    w.number(e.time_ms);
    for (const key_name& key : e.key_order)
      w.bytes(key);
    return w.take();
  }

  std::string operator()(const lease_lent& e) const {
    writer w(kind::lent);
    w.number(e.fence).bytes(e.key).flag(e.remote).number(e.ttl_ms);
    return w.text(e.borrower).take();
  }

  std::string operator()(const lease_returned& e) const {
    return writer(kind::returned).number(e.fence).take();
  }

  std::string operator()(const lease_lost& e) const {
    return writer(kind::lost).number(e.fence).take();
  }

  std::string operator()(const epoch_closed& e) const {
    return writer(kind::closed).number(e.epoch).number(e.time_ms).take();
  }
};

epoch_opened read_opened(reader& r) {
  epoch_opened e;
  e.epoch = r.number<std::uint32_t>();
  e.id = r.bytes<16>();
  e.batch_size = r.number<std::uint32_t>();
  e.provider = r.number<std::uint8_t>();
  e.ttl_ms_max = r.number<std::uint32_t>();
  e.remote_possible = r.flag();
  e.records = r.number<std::uint64_t>();
  e.time_ms = r.number<std::uint64_t>();
  while (!r.at_end())
    e.key_order.push_back(r.bytes<32>());
  return e;
}

lease_lent read_lent(reader& r) {
  lease_lent e;
  e.fence = r.number<std::uint64_t>();
  e.key = r.bytes<32>();
  e.remote = r.flag();
  e.ttl_ms = r.number<std::uint32_t>();
  e.borrower = r.text();
  return e;
}

epoch_closed read_closed(reader& r) {
  epoch_closed e;
  e.epoch = r.number<std::uint32_t>();
  e.time_ms = r.number<std::uint64_t>();
  return e;
}

event read_event(reader& r) {
  switch (static_cast<kind>(r.number<std::uint8_t>())) {
  case kind::opened:
    return read_opened(r);
  case kind::lent:
    return read_lent(r);
  case kind::returned:
    return lease_returned{r.number<std::uint64_t>()};
  case kind::lost:
    return lease_lost{r.number<std::uint64_t>()};
  case kind::closed:
    return read_closed(r);
  }
  r.fail("an unknown kind");
}

} // namespace

std::string encode(const event& e) { return std::visit(event_encoder{}, e); }

event decode_event(std::span<const std::byte> bytes) {
  reader r(bytes, "a journal event");
  event e = read_event(r);
  r.end();
  return e;
}

std::string encode(const batch_row& row) {
  writer w;
  w.number(row.count).number(row.fence).bytes(row.key).number(row.format);
  w.number(static_cast<std::uint8_t>(row.reason)).number(row.time_ms);
  return w.take();
}

batch_row decode_batch_row(std::uint64_t first,
                           std::span<const std::byte> bytes) {
  reader r(bytes, "a batch row");
  batch_row row;
  row.first = first;
  row.count = r.number<std::uint32_t>();
  row.fence = r.number<std::uint64_t>();
  row.key = r.bytes<32>();
  row.format = r.number<std::uint16_t>();
  const auto reason = r.number<std::uint8_t>();
  if (reason > static_cast<std::uint8_t>(short_reason::waited))
    r.fail("an unknown reason for being short");
  row.reason = static_cast<short_reason>(reason);
  row.time_ms = r.number<std::uint64_t>();
  r.end();
  return row;
}

} // namespace chancery::storage
