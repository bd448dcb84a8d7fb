// SPDX-License-Identifier: Apache-2.0
#include "apps/simulation/http_check.hpp"

#include "actors/ledger/chain.hpp"
#include "apps/answers/chain_answers.hpp"

#include <fmt/format.h>
#include <map>
#include <nlohmann/json.hpp>
#include <optional>
#include <stdexcept>

namespace chancery::apps {

namespace {

/// What was read does not hold.
class chain_fault : public std::runtime_error {
 public:
  using std::runtime_error::runtime_error;
};

void require(bool holds, const std::string& sentence) {
  if (!holds)
    throw chain_fault(sentence);
}

class chain_reader {
 public:
  chain_reader(const http_client_options& server,
               const crypto::public_key& node)
      : http_(server), node_(node) {}

  /// Fills `chain` as far as it holds.
  void read(http_chain& chain, const std::vector<actors::held_receipt>& held,
            std::atomic<std::uint64_t>& done, const std::atomic<bool>& stop) {
    const auto count = at("/v1/blocks/count");
    chain.blocks = count.at("blocks");
    chain.messages = count.at("messages");
    chain.pending = count.at("pending");
    require(chain.messages >= held.size(), "messages are missing");
    for (const auto& receipt : held) {
      if (stop)
        return;
      if (receipt.index < chain.messages - chain.pending) {
        check_receipt(receipt);
        ++chain.proofs;
      } else {
        check_pending(receipt);
      }
      ++done;
    }
    check_blocks(chain.blocks);
    chain.reads = reads_;
  }

 private:
  nlohmann::json at(const std::string& path, int status = 200) {
    ++reads_;
    const auto answer = http_.send("GET", path);
    require(answer.status == status,
            fmt::format("GET {} was answered with {}", path, answer.status));
    text_ = answer.body;
    return nlohmann::json::parse(text_);
  }

  /// A proof has the header of its block, with the node's signature.
  void check_receipt(const actors::held_receipt& receipt) {
    at(fmt::format("/v1/messages/{}/proof", receipt.index));
    const auto proof = proof_from_json(text_);
    const auto fault =
        actors::check_proof(proof, node_, crypto::single_signatures);
    require(fault.empty(),
            fmt::format("the proof of message {}: {}", receipt.index, fault));
    require(proof.index == receipt.index && proof.leaf == receipt.leaf,
            fmt::format("message {} is not the one that its receipt names",
                        receipt.index));
    verified_.emplace(proof.block.header.index, proof.block);
  }

  void check_pending(const actors::held_receipt& receipt) {
    const auto message = at(fmt::format("/v1/messages/{}", receipt.index));
    const auto jws = message.at("jws").get<std::string>();
    require(crypto::merkle_leaf(std::as_bytes(std::span(jws))) == receipt.leaf,
            fmt::format("message {} is not the one that its receipt names",
                        receipt.index));
  }

  /// Each is the one whose header a proof has verified, and names the one
  /// before it.
  void check_blocks(std::uint64_t blocks) {
    std::optional<crypto::hash_bytes> previous;
    for (std::uint64_t i = 0; i < blocks; ++i) {
      const auto found = verified_.find(i);
      require(found != verified_.end(),
              fmt::format("block {} has no message of ours", i));
      const auto& block = found->second;
      const auto expected = nlohmann::json(block_json(block));
      const auto hash = crypto::to_text(block.hash);
      const auto before = "/v1/blocks/by-hash/" + hash + "/previous";
      require(at(fmt::format("/v1/blocks/{}", i)) == expected &&
                  at("/v1/blocks/by-hash/" + hash) == expected,
              fmt::format("block {} is another one by its index or hash", i));
      if (previous) {
        require(block.header.previous == *previous &&
                    at(before).at("hash") == crypto::to_text(*previous),
                fmt::format("block {} does not follow the one before", i));
      } else {
        at(before, 404);
      }
      previous = block.hash;
    }
    if (previous)
      require(at("/v1/blocks/head").at("hash") == crypto::to_text(*previous),
              "the head is not the last block");
    else
      at("/v1/blocks/head", 404);
  }

  http_client http_;
  const crypto::public_key& node_;
  std::map<std::uint64_t, actors::sealed_block> verified_;
  std::string text_;
  std::uint64_t reads_ = 0;
};

} // namespace

http_chain check_over_http(const http_client_options& server,
                           const crypto::public_key& node,
                           const std::vector<actors::held_receipt>& held,
                           std::atomic<std::uint64_t>& done,
                           const std::atomic<bool>& stop) {
  http_chain chain;
  try {
    chain_reader(server, node).read(chain, held, done, stop);
  } catch (const chain_fault& e) {
    chain.fault = e.what();
  } catch (const std::invalid_argument& e) {
    chain.fault = e.what(); // a proof that cannot be read
  } catch (const nlohmann::json::exception&) {
    chain.fault = "an answer is not the JSON that it should be";
  }
  return chain;
}

} // namespace chancery::apps
