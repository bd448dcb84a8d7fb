// SPDX-License-Identifier: Apache-2.0
#pragma once

// Switches defences off, so that a test can show what each one prevents. Only
// this class has access to the switches.

#include "actors/base/defences.hpp"
#include "crypto/keyring/defences.hpp"
#include "storage/defences.hpp"

namespace chancery::tests {

struct defence_switch {
  static bool& whole_batches(storage::defences& d) { return d.whole_batches_; }
  static bool& whole_row_splitting(storage::defences& d) {
    return d.whole_row_splitting_;
  }
  static bool& sequences(storage::defences& d) { return d.sequences_; }
  static bool& page_checks(storage::defences& d) { return d.page_checks_; }

  static bool& sample(crypto::defences& d) { return d.sample_; }
  static bool& purpose(crypto::defences& d) { return d.purpose_; }

  static bool& result_fences(actors::defences& d) { return d.result_fences_; }
  static bool& return_fences(actors::defences& d) { return d.return_fences_; }
  static bool& journal_first(actors::defences& d) { return d.journal_first_; }
  static bool& remote_leases_stay(actors::defences& d) {
    return d.remote_leases_stay_;
  }
  static bool& remote_units(actors::defences& d) { return d.remote_units_; }
  static bool& challenge(actors::defences& d) { return d.challenge_; }
  static bool& lease_lives(actors::defences& d) { return d.lease_lives_; }
  static bool& links_per_certificate(actors::defences& d) {
    return d.links_per_certificate_;
  }
  static bool& places_per_address(actors::defences& d) {
    return d.places_per_address_;
  }
  static bool& sequences(actors::defences& d) { return d.sequences_; }
  static bool& arrivals_with_records(actors::defences& d) {
    return d.arrivals_with_records_;
  }
  static bool& requests_marked(actors::defences& d) {
    return d.requests_marked_;
  }
};

} // namespace chancery::tests
