// SPDX-License-Identifier: Apache-2.0
//
// hostile_worker PORT CLUSTER_FOLDER BUNDLE PASSPHRASE_FILE MANNER [HONEST]
//
// Joins a coordinator on this host, with a certificate and the keys, and lies
// after HONEST units. Its exit code is 0 when the coordinator had nothing left,
// and 3, with its sentence on stderr, when it was refused. Manners:
//
//   honest          does not lie
//   garbage         random bytes
//   one_wrong       a flipped bit in one signature of a unit
//   worse           the same in two units, then garbage
//   other_digests   right signatures in another order
//   other_batch     those that it made for the unit before
//   other_range     names batches that it was not given
//   cut_short       the first signatures only
//   slow            keeps a unit for three seconds, then hands it in unasked

#include "actors/signing/unit.hpp"
#include "crypto/base/random.hpp"
#include "crypto/keyring/keyring_bundle.hpp"
#include "crypto/keyring/lease.hpp"
#include "crypto/providers/provider.hpp"
#include "tests/e2e/plain_worker.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <span>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace {

using namespace chancery;

constexpr std::size_t signature_size = 64;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

class hostile_signer {
 public:
  hostile_signer(const crypto::keyring& keys, std::string manner,
                 unsigned honest)
      : manner_(std::move(manner)), honest_(honest),
        signer_(crypto::make_batch_signer(crypto::provider::openssl,
                                          crypto::curve::p256,
                                          crypto::system_random())) {
    for (const auto& entry : keys.keys())
      keys_.emplace(entry.key.id(), &entry.key);
  }

  actors::work_request operator()(const actors::work_answer& unit) {
    actors::work_request request;
    request.batches = unit.batches;
    request.returned = unit.leases;
    request.signatures = sign(unit);
    auto before = std::exchange(last_, request.signatures);
    if (manner_ != "honest" && units_++ >= honest_)
      lie(request, std::move(before));
    return request;
  }

 private:
  std::string sign(const actors::work_answer& unit) {
    const auto leases = crypto::decode_leases(unit.leases).leases;
    const auto batches = actors::decode_unit_batches(unit.batches);
    std::vector<crypto::key_run> runs;
    for (std::size_t i = 0; i < batches.size(); ++i)
      runs.push_back({keys_.at(leases[i].key), batches[i].count});
    std::string signatures(2 * unit.digests.size(), '\0');
    signer_->sign_batch(runs, std::as_bytes(std::span(unit.digests)),
                        std::as_writable_bytes(std::span(signatures)));
    return signatures;
  }

  void lie(actors::work_request& request, std::string before) {
    auto& signatures = request.signatures;
    const auto count = signatures.size() / signature_size;
    if (manner_ == "garbage" || (manner_ == "worse" && lies_++ >= 2))
      std::ranges::generate(signatures,
                            [this] { return static_cast<char>(chance_()); });
    else if (manner_ == "one_wrong" || manner_ == "worse")
      signatures[chance_() % count * signature_size + 40] ^= 1;
    else if (manner_ == "other_digests")
      std::rotate(signatures.begin(), signatures.begin() + signature_size,
                  signatures.end());
    else if (manner_ == "other_batch" && before.size() == signatures.size())
      signatures = std::move(before);
    else if (manner_ == "other_range")
      request.batches = moved(request.batches);
    else if (manner_ == "cut_short")
      signatures.resize(signature_size);
    else if (manner_ == "slow")
      std::this_thread::sleep_for(std::chrono::seconds(3));
  }

  // The same leases with ranges a million records further on.
  static std::string moved(const std::string& batches) {
    std::string bytes;
    for (auto batch : actors::decode_unit_batches(batches)) {
      batch.first += 1'000'000;
      actors::encode(batch, bytes);
    }
    return bytes;
  }

  std::string manner_;
  unsigned honest_;
  unsigned units_ = 0;
  unsigned lies_ = 0;
  std::string last_;
  std::mt19937 chance_{7};
  std::map<crypto::key_id, const crypto::private_key*> keys_;
  std::unique_ptr<crypto::batch_signer> signer_;
};

void run(const std::vector<std::string>& words) {
  const std::filesystem::path cluster(words.at(1));
  auto passphrase = read(words.at(3));
  passphrase.erase(passphrase.find_last_not_of('\n') + 1);
  const auto bundle = crypto::open_bundle(read(words.at(2)), passphrase);
  actors::worker_options options;
  options.credentials.authority_pem = read(cluster / "ca.pem");
  options.credentials.certificate_pem = read(cluster / "host.pem");
  options.credentials.key_pem = read(cluster / "host.key");
  options.host = "127.0.0.1";
  options.port = static_cast<std::uint16_t>(std::stoul(words.at(0)));
  const auto honest =
      words.size() > 5 ? static_cast<unsigned>(std::stoul(words[5])) : 0;
  const auto signer =
      std::make_shared<hostile_signer>(bundle.keys, words.at(4), honest);
  tests::run_plain_worker(
      bundle.keys, bundle.folder, options, 2,
      [signer](const actors::work_answer& unit) { return (*signer)(unit); });
}

} // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::runtime_error& e) {
    fmt::print(stderr, "hostile_worker: {}\n", e.what());
    return 3;
  }
}
