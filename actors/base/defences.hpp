// SPDX-License-Identifier: Apache-2.0
#pragma once

// Checks and orderings that a test switches off to show what each prevents. All
// are on; only the tests' defence_switch can switch one off.

namespace chancery::tests {
struct defence_switch;
}

namespace chancery::actors {

class defences {
 public:
  /// The dispatcher drops results whose fence is not the one on record.
  bool result_fences() const noexcept { return result_fences_; }

  /// The keyring ignores returns whose fence is not the key's current one.
  bool return_fences() const noexcept { return return_fences_; }

  /// The keyring sends an event to the writer before anyone else learns of it.
  bool journal_first() const noexcept { return journal_first_; }

  /// The end of a gateway ends no lease of its worker.
  bool remote_leases_stay() const noexcept { return remote_leases_stay_; }

  /// What another host hands in is verified before it is stored.
  bool remote_units() const noexcept { return remote_units_; }

  /// The gateway checks the worker's proof that it holds the keyring.
  bool challenge() const noexcept { return challenge_; }

  /// A remote lease has a most for its life, however often it is renewed.
  bool lease_lives() const noexcept { return lease_lives_; }

  /// A certificate has a most of links.
  bool links_per_certificate() const noexcept { return links_per_certificate_; }

  /// Connections without TLS are shared out by address, and the silent ones go
  /// first.
  bool places_per_address() const noexcept { return places_per_address_; }

  /// The ledger's node checks sequence numbers and repeats.
  bool sequences() const noexcept { return sequences_; }

  /// When records came is stored in their own transaction.
  bool arrivals_with_records() const noexcept { return arrivals_with_records_; }

  /// A request's mark is stored in its records' own transaction.
  bool requests_marked() const noexcept { return requests_marked_; }

 private:
  friend struct tests::defence_switch;

  bool result_fences_ = true;
  bool return_fences_ = true;
  bool journal_first_ = true;
  bool remote_leases_stay_ = true;
  bool remote_units_ = true;
  bool challenge_ = true;
  bool lease_lives_ = true;
  bool links_per_certificate_ = true;
  bool places_per_address_ = true;
  bool sequences_ = true;
  bool arrivals_with_records_ = true;
  bool requests_marked_ = true;
};

} // namespace chancery::actors
