// SPDX-License-Identifier: Apache-2.0
#pragma once

// Reproducible pseudorandom records: record k of seed s depends only on s and
// k, not on the number of records or on a library's generator.
//
//   mix(z):  z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9
//            z = (z ^ z >> 27) * 0x94d049bb133111eb
//            z ^ z >> 31
//   state = mix(mix(s + g) + k + g),  g = 0x9e3779b97f4a7c15
//   word j = mix(state + (j + 1) * g)
//
// all modulo 2^64 (this is splitmix64 by Steele, Lea and Flood, once per
// record). The record is its words, little endian, cut to size. The records are
// not secret, and the generator is not fit for secrets.

#include "storage/record_store.hpp"

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <string>

namespace chancery::apps {

/// Sets `record` to record `id` of `seed`, `size` bytes long. Pure function.
void make_seeded_record(std::uint64_t seed, std::uint64_t id, std::size_t size,
                        std::string& record);

struct seeding {
  std::uint64_t count = 0;
  std::uint64_t size = 160;
  std::uint64_t seed = 1;
};

/// Appends records to the store, until `stop` is set. `done` counts the records
/// on disk.
void seed_records(storage::record_store& store, const seeding& what,
                  const std::atomic<bool>& stop,
                  std::atomic<std::uint64_t>& done);

} // namespace chancery::apps
