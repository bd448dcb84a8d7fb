// SPDX-License-Identifier: Apache-2.0
#include "apps/records/seeded_record.hpp"

#include "apps/records/record_appender.hpp"

namespace chancery::apps {

namespace {

constexpr std::uint64_t gamma = 0x9e3779b97f4a7c15;

std::uint64_t mix(std::uint64_t z) {
  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
  z = (z ^ z >> 27) * 0x94d049bb133111eb;
  return z ^ z >> 31;
}

} // namespace

void make_seeded_record(std::uint64_t seed, std::uint64_t id, std::size_t size,
                        std::string& record) {
  std::uint64_t state = mix(mix(seed + gamma) + id + gamma);
  record.resize(size);
  for (std::size_t at = 0; at < size;) {
    state += gamma;
    std::uint64_t word = mix(state);
    for (int i = 0; i < 8 && at < size; ++i, word >>= 8)
      record[at++] = static_cast<char>(word & 0xff);
  }
}

void seed_records(storage::record_store& store, const seeding& what,
                  const std::atomic<bool>& stop,
                  std::atomic<std::uint64_t>& done) {
  record_appender appender(store, done);
  const auto first = store.read().record_count();
  std::string record;
  for (std::uint64_t i = 0; i < what.count && !stop; ++i) {
    make_seeded_record(what.seed, first + i, what.size, record);
    appender.append(record);
  }
  appender.flush();
}

} // namespace chancery::apps
