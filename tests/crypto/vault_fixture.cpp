// SPDX-License-Identifier: Apache-2.0
#include "vault_fixture.hpp"

#include <boost/test/unit_test.hpp>

#include <algorithm>

namespace chancery::crypto::test {

std::optional<lease_fault> vault_fixture::fault(vault::session& s,
                                                const lease_set& set) {
  std::vector<leased_run> runs;
  for (std::size_t i = 0; i < set.leases.size(); ++i)
    runs.push_back({i, 1});
  std::vector<std::byte> signatures(runs.size() * signature_size(c),
                                    std::byte{0xaa});
  try {
    s.sign_batch(set, runs, digests(runs.size()), signatures);
    return std::nullopt;
  } catch (const lease_refused& e) {
    BOOST_TEST(static_cast<std::size_t>(std::count(
                   signatures.begin(), signatures.end(), std::byte{0})) ==
               signatures.size());
    BOOST_TEST(*e.what() != '\0');
    return e.fault();
  }
}

} // namespace chancery::crypto::test
