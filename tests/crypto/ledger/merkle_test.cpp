// SPDX-License-Identifier: Apache-2.0

// The known roots are those of the reference tree that implementations of
// Certificate Transparency share. Proofs are also checked against the vectors
// of transparency-dev/merkle, in the folder merkle/ under the folder that the
// environment variable CHANCERY_VECTORS names.

#include "crypto/base/base64url.hpp"
#include "crypto/base/hash.hpp"
#include "crypto/ledger/merkle.hpp"
#include "tests/crypto/fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <iostream>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(merkle_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;

namespace {

std::vector<merkle_hash> reference_leaves() {
  std::vector<merkle_hash> leaves;
  for (const char* hex :
       {"", "00", "10", "2021", "3031", "40414243", "5051525354555657",
        "606162636465666768696a6b6c6d6e6f"})
    leaves.push_back(merkle_leaf(from_hex(hex)));
  return leaves;
}

std::vector<merkle_hash> leaves_of(std::size_t count) {
  std::vector<merkle_hash> leaves;
  for (std::size_t i = 0; i < count; ++i)
    leaves.push_back(merkle_leaf(bytes(std::to_string(i))));
  return leaves;
}

/// MTH of RFC 9162 2.1.1, written literally, with copies of both halves.
merkle_hash naive_root(const std::vector<merkle_hash>& leaves) {
  if (leaves.size() == 1)
    return leaves.front();
  std::size_t k = 1;
  while (2 * k < leaves.size())
    k *= 2;
  const auto split = leaves.begin() + static_cast<std::ptrdiff_t>(k);
  std::vector<std::byte> both{std::byte{1}};
  for (const auto& half :
       {naive_root({leaves.begin(), split}), naive_root({split, leaves.end()})})
    std::ranges::copy(std::as_bytes(std::span(half)), std::back_inserter(both));
  return sha256(both);
}

/// A hash from a vector; nullopt if it does not have 32 bytes, which our types
/// cannot represent.
std::optional<merkle_hash> hash_of(const nlohmann::json& base64) {
  auto text = base64.get<std::string>();
  std::ranges::replace(text, '+', '-');
  std::ranges::replace(text, '/', '_');
  std::erase(text, '=');
  const auto decoded = base64url_decode(text);
  BOOST_REQUIRE(decoded.has_value());
  merkle_hash hash;
  if (decoded->size() != hash.size())
    return std::nullopt;
  std::ranges::transform(*decoded, hash.begin(),
                         [](auto c) { return static_cast<std::uint8_t>(c); });
  return hash;
}

bool proves(const nlohmann::json& vector) {
  const auto leaf = hash_of(vector.at("leafHash"));
  const auto root = hash_of(vector.at("root"));
  std::vector<merkle_hash> path;
  if (!vector.at("proof").is_null())
    for (const auto& part : vector.at("proof")) {
      const auto hash = hash_of(part);
      if (!hash)
        return false;
      path.push_back(*hash);
    }
  return leaf && root &&
         verify_merkle_path(*leaf, vector.at("leafIdx").get<std::uint64_t>(),
                            vector.at("treeSize").get<std::uint64_t>(), path,
                            *root);
}

} // namespace

BOOST_AUTO_TEST_CASE(the_reference_tree_has_its_known_roots) {
  const auto leaves = reference_leaves();
  const std::vector<std::string> roots{
      "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
      "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
      "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
      "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
      "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
      "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
      "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
      "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
      "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};
  for (std::size_t size = 0; size < roots.size(); ++size)
    BOOST_TEST(to_hex(merkle_root(std::span(leaves).first(size))) ==
               roots[size]);
}

BOOST_AUTO_TEST_CASE(a_leaf_is_the_hash_of_a_zero_byte_and_its_data) {
  for (const std::size_t size : {0, 1, 31, 64, 470, 131'072}) {
    std::vector<std::byte> data(size + 1, std::byte{7});
    data.front() = std::byte{0};
    BOOST_TEST(merkle_leaf(std::span(data).subspan(1)) == sha256(data));
  }
}

// 131,072 bytes are more than are copied at a time.
BOOST_AUTO_TEST_CASE(many_leaves_have_the_hashes_of_each) {
  std::vector<std::vector<std::byte>> data;
  for (std::size_t i = 0; i < 200; ++i)
    data.emplace_back(i == 70 ? 131'072 : i * 7 % 1'000, std::byte{3});
  const std::vector<std::span<const std::byte>> texts(data.begin(), data.end());
  for (const std::size_t count : {0, 1, 2, 71, 200}) {
    const auto some = std::span(texts).first(count);
    std::vector<merkle_hash> leaves(count);
    merkle_leaves(some, leaves);
    for (std::size_t i = 0; i < count; ++i)
      BOOST_TEST((leaves[i] == merkle_leaf(some[i])), "leaf " << i);
  }
  std::vector<merkle_hash> too_few(199);
  BOOST_CHECK_THROW(merkle_leaves(texts, too_few), std::invalid_argument);
}

BOOST_AUTO_TEST_CASE(every_root_is_as_the_definition_says) {
  const auto leaves = leaves_of(300);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto part = std::span(leaves).first(size);
    BOOST_TEST(merkle_root(part) == naive_root({part.begin(), part.end()}));
  }
}

BOOST_AUTO_TEST_CASE(every_index_of_every_size_proves) {
  const auto leaves = leaves_of(300);
  for (std::size_t size = 1; size <= leaves.size(); ++size) {
    const auto part = std::span(leaves).first(size);
    const auto root = merkle_root(part);
    bool all = true;
    for (std::size_t index = 0; index < size; ++index)
      all = all && verify_merkle_path(leaves[index], index, size,
                                      merkle_path(part, index), root);
    BOOST_TEST(all, "a tree of " << size << " leaves");
  }
}

BOOST_AUTO_TEST_CASE(a_path_is_as_long_as_the_tree_is_deep) {
  const auto leaves = leaves_of(100);
  BOOST_TEST(merkle_path(std::span(leaves).first(1), 0).empty());
  BOOST_TEST(merkle_path(std::span(leaves).first(64), 63).size() == 6u);
  BOOST_TEST(merkle_path(leaves, 0).size() == 7u);
  // 100 = 64 + 32 + 4: two hashes in the smallest tree, and the other two
  // roots.
  BOOST_TEST(merkle_path(leaves, 99).size() == 4u);
}

// RFC 9162 2.1.5 draws this tree and names its paths.
BOOST_AUTO_TEST_CASE(a_path_names_the_siblings_from_the_lowest_on) {
  const auto d = leaves_of(7);
  const auto root = [&](std::size_t begin, std::size_t end) {
    return merkle_root(std::span(d).subspan(begin, end - begin));
  };
  const auto path = [&](std::size_t index) { return merkle_path(d, index); };
  BOOST_TEST((path(0) == std::vector{d[1], root(2, 4), root(4, 7)}));
  BOOST_TEST((path(3) == std::vector{d[2], root(0, 2), root(4, 7)}));
  BOOST_TEST((path(4) == std::vector{d[5], d[6], root(0, 4)}));
  BOOST_TEST((path(6) == std::vector{root(4, 6), root(0, 4)}));
}

BOOST_AUTO_TEST_CASE(there_is_no_path_of_a_leaf_that_is_not_there) {
  const auto leaves = leaves_of(5);
  BOOST_CHECK_THROW((void)merkle_path(leaves, 5), std::out_of_range);
  BOOST_CHECK_THROW((void)merkle_path({}, 0), std::out_of_range);
}

BOOST_AUTO_TEST_CASE(every_changed_bit_fails) {
  for (const std::size_t size : {1, 2, 3, 7, 8, 11}) {
    const auto leaves = leaves_of(size);
    const auto root = merkle_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      auto path = merkle_path(leaves, index);
      auto leaf = leaves[index];
      auto end = root;
      const auto holds = [&] {
        return verify_merkle_path(leaf, index, size, path, end);
      };
      std::vector<merkle_hash*> parts{&leaf, &end};
      for (auto& p : path)
        parts.push_back(&p);
      for (auto* part : parts)
        for (std::size_t bit = 0; bit < 256; ++bit) {
          auto& byte = (*part)[bit / 8];
          byte = static_cast<std::uint8_t>(byte ^ 1u << bit % 8);
          BOOST_TEST(!holds());
          byte = static_cast<std::uint8_t>(byte ^ 1u << bit % 8);
        }
      BOOST_TEST(holds());
    }
  }
}

BOOST_AUTO_TEST_CASE(a_path_proves_one_index_alone) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = merkle_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      const auto path = merkle_path(leaves, index);
      for (std::uint64_t other = 0; other < size + 3; ++other)
        BOOST_TEST(verify_merkle_path(leaves[index], other, size, path, root) ==
                   (other == index));
    }
  }
}

BOOST_AUTO_TEST_CASE(a_path_that_is_too_long_or_too_short_fails) {
  for (std::size_t size = 1; size <= 40; ++size) {
    const auto leaves = leaves_of(size);
    const auto root = merkle_root(leaves);
    for (std::size_t index = 0; index < size; ++index) {
      auto path = merkle_path(leaves, index);
      path.push_back(root);
      BOOST_TEST(!verify_merkle_path(leaves[index], index, size, path, root));
      path.pop_back();
      path.insert(path.begin(), leaves[index]);
      BOOST_TEST(!verify_merkle_path(leaves[index], index, size, path, root));
      path.erase(path.begin());
      if (path.empty())
        continue;
      path.pop_back();
      BOOST_TEST(!verify_merkle_path(leaves[index], index, size, path, root));
    }
  }
}

// Step 4.1 of RFC 9162 2.1.3.2: otherwise a leaf in the right part of a tree
// would verify in a claimed smaller tree with the larger tree's root.
BOOST_AUTO_TEST_CASE(a_path_does_not_go_on_above_its_root) {
  const auto d = leaves_of(4);
  const auto low = std::span(d).first(2);
  BOOST_TEST(
      verify_merkle_path(d[1], 1, 2, std::vector{d[0]}, merkle_root(low)));
  BOOST_TEST(
      !verify_merkle_path(d[1], 0, 1, std::vector{d[0]}, merkle_root(low)));
  const std::vector path{d[3], merkle_root(low)};
  BOOST_TEST(verify_merkle_path(d[2], 2, 4, path, merkle_root(d)));
  BOOST_TEST(!verify_merkle_path(d[2], 0, 2, path, merkle_root(d)));
}

BOOST_AUTO_TEST_CASE(an_empty_tree_proves_nothing) {
  const auto root = merkle_root({});
  BOOST_TEST(!verify_merkle_path(root, 0, 0, {}, root));
  BOOST_TEST(!verify_merkle_path(root, UINT64_MAX, 0, {}, root));
}

BOOST_AUTO_TEST_CASE(the_largest_sizes_are_no_trouble) {
  const auto leaf = leaves_of(1).front();
  const std::vector<merkle_hash> path(64, leaf);
  BOOST_TEST(!verify_merkle_path(leaf, UINT64_MAX - 1, UINT64_MAX, path, leaf));
  BOOST_TEST(!verify_merkle_path(leaf, 0, UINT64_MAX, path, leaf));
  BOOST_TEST(!verify_merkle_path(leaf, UINT64_MAX, UINT64_MAX, path, leaf));
}

BOOST_AUTO_TEST_CASE(third_parties_proofs_are_judged_as_they_say) {
  const char* folder = std::getenv("CHANCERY_VECTORS");
  if (folder == nullptr) {
    std::cout << "skipped: merkle/inclusion, as CHANCERY_VECTORS is not set\n";
    return;
  }
  std::size_t checked = 0;
  std::size_t sound = 0;
  for (const auto& file : std::filesystem::recursive_directory_iterator(
           std::filesystem::path(folder) / "merkle" / "inclusion")) {
    if (file.path().extension() != ".json")
      continue;
    const auto vector = nlohmann::json::parse(read_text(file.path()));
    const bool refused = vector.at("wantErr").get<bool>();
    BOOST_TEST(proves(vector) == !refused, file.path().string());
    ++checked;
    sound += refused ? 0 : 1;
  }
  BOOST_TEST(checked > 90u);
  BOOST_TEST(sound > 5u);
}

BOOST_AUTO_TEST_SUITE_END()
