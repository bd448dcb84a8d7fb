// SPDX-License-Identifier: Apache-2.0
#include "apps/answers/chain_answers.hpp"

#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"
#include "crypto/base/timestamp.hpp"
#include "crypto/jose/json_members.hpp"
#include "crypto/jose/json_text.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/ledger/message.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <utility>

namespace chancery::apps {

namespace {

using json = nlohmann::ordered_json;

/// A block has a 32-bit count, so its tree has at most 32 levels.
constexpr std::size_t path_size_max = 64;

// Key ids and hashes are all 32 bytes and have the same text form.
std::string text_of(const crypto::hash_bytes& hash) {
  return crypto::to_text(hash);
}

json path_json(const std::vector<crypto::merkle_hash>& path) {
  json hashes = json::array();
  for (const auto& hash : path)
    hashes.push_back(text_of(hash));
  return hashes;
}

/// Calls `read` with the JSON that was signed.
template <class Read>
auto read_payload(const actors::stored_message& message, Read read) {
  try {
    return read(
        crypto::parse_signed(message.compact, crypto::message_type).payload);
  } catch (const std::exception&) {
    throw storage::corrupt(fmt::format(
        "message {} is malformed: run `chancery chain verify` for details",
        message.index));
  }
}

/// A checked JSON text on one line. A control character in it is white space
/// between values.
std::string on_one_line(std::string json_text) {
  for (char& c : json_text)
    if (static_cast<unsigned char>(c) < 0x20)
      c = ' ';
  return json_text;
}

/// A checked JSON text with escapes for what is not ASCII, as a client's text
/// must not send control codes to the terminal. All else is as it was signed.
std::string in_ascii(std::string_view json_text) {
  const auto is_other = [](char c) {
    return static_cast<unsigned char>(c) >= 0x7f;
  };
  std::string ascii;
  for (const auto* at = json_text.begin(); at != json_text.end();) {
    const auto* other = std::find_if(at, json_text.end(), is_other);
    ascii.append(at, other);
    at = std::find_if_not(other, json_text.end(), is_other);
    const auto quoted = json(std::string(other, at)).dump(-1, ' ', true);
    ascii.append(quoted, 1, quoted.size() - 2);
  }
  return ascii;
}

/// Of a JWS that is undamaged, faster than a writer of any text.
std::string jws_text(const std::string& jws) {
  const bool plain = std::ranges::all_of(jws, [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
           (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
  });
  return plain ? '"' + jws + '"'
               : json(jws).dump(-1, ' ', false, json::error_handler_t::replace);
}

std::string row(std::string_view name, std::string_view value) {
  return fmt::format("{:<10}{}\n", name, value);
}

[[noreturn]] void wrong(const std::string& what) {
  throw std::invalid_argument(what);
}

/// Throws when the member is missing or of another type.
template <class Value>
Value member(const nlohmann::json& object, const char* name) {
  try {
    return object.at(name).get<Value>();
  } catch (const nlohmann::json::exception&) {
    wrong(fmt::format("its member \"{}\" is missing or of another type", name));
  }
}

std::uint64_t required_number(const nlohmann::json& object, const char* name) {
  const auto number = crypto::number_member(object, name);
  if (!number)
    wrong(fmt::format("its member \"{}\" is not a whole number", name));
  return *number;
}

crypto::hash_bytes hash_from(const std::string& text) {
  try {
    return crypto::key_id_from_text(text);
  } catch (const std::invalid_argument&) {
    wrong("a hash in it is not 43 characters of base64url");
  }
}

std::string required_bytes(const nlohmann::json& object, const char* name,
                           std::size_t size) {
  const auto bytes = crypto::octets_member(object, name, size);
  if (!bytes)
    wrong(fmt::format("its member \"{}\" is not base64url of {} bytes", name,
                      size));
  return *bytes;
}

actors::sealed_block block_from(const nlohmann::json& object) {
  actors::sealed_block block;
  const auto header = required_bytes(object, "header", block.bytes.size());
  const auto signature =
      required_bytes(object, "signature", block.signature.size());
  std::ranges::copy(crypto::bytes_of(header), block.bytes.begin());
  std::ranges::copy(crypto::bytes_of(signature), block.signature.begin());
  const auto decoded = crypto::decode_block_header(block.bytes);
  if (!decoded)
    wrong("its block's header is malformed");
  block.header = *decoded;
  block.hash = crypto::block_hash(block.bytes);
  // The readable members must agree with the signed header.
  const auto expected = block_json(block);
  for (const auto& [name, value] : expected.items())
    if (!object.contains(name) || object[name] != nlohmann::json(value))
      wrong(fmt::format("its block's member \"{}\" does not agree with the "
                        "header",
                        name));
  return block;
}

} // namespace

json block_json(const actors::sealed_block& block) {
  return {{"index", block.header.index},
          {"hash", text_of(block.hash)},
          {"previous", text_of(block.header.previous)},
          {"root", text_of(block.header.root)},
          {"first_message", block.header.first_message},
          {"count", block.header.count},
          {"time", time_text(block.header.time_ms)},
          {"node", text_of(block.header.node)},
          {"header", crypto::base64url_encode(block.bytes)},
          {"signature", crypto::base64url_encode(block.signature)}};
}

std::string message_json_line(const actors::stored_message& message) {
  const auto payload = read_payload(message, [](std::string text) {
    crypto::check_json_text(text);
    return on_one_line(std::move(text));
  });
  return fmt::format(
      R"({{"index":{},"jws":{},"receipt":{},"block":{},"message":{}}})",
      message.index, jws_text(message.compact), jws_text(message.receipt),
      message.block ? std::to_string(*message.block) : "null", payload);
}

json proof_json(const actors::inclusion_proof& proof) {
  return {
      {"index", proof.index},           {"leaf", text_of(proof.leaf)},
      {"leaf_index", proof.leaf_index}, {"tree_size", proof.block.header.count},
      {"path", path_json(proof.path)},  {"block", block_json(proof.block)},
      {"jws", proof.compact},           {"verified", true}};
}

std::string block_text(const actors::sealed_block& block) {
  const auto& h = block.header;
  auto text = row("Block", grouped(h.index)) + row("Hash", text_of(block.hash));
  text += row("Previous",
              h.index == 0 ? "none, it is the first" : text_of(h.previous));
  text += row("Root", text_of(h.root));
  text += row("Messages", fmt::format("{} to {}", grouped(h.first_message),
                                      grouped(h.first_message + h.count - 1)));
  text += row("Time", time_text(h.time_ms));
  text += row("Node", text_of(h.node));
  text.pop_back();
  return text;
}

std::string message_text(const actors::stored_message& message) {
  const auto content = read_payload(message, crypto::message_from_json);
  auto text = row("Message", grouped(message.index));
  text += row("Block", message.block ? grouped(*message.block)
                                     : "none yet, its block is not complete");
  text += row("Client", crypto::to_text(content.client));
  text += row("Sequence", std::to_string(content.sequence));
  text += row("Time", content.time);
  text += row("Body", in_ascii(on_one_line(content.body)));
  text += row("JWS", message.compact);
  text += row("Receipt", message.receipt);
  text.pop_back();
  return text;
}

std::string proof_text(const actors::inclusion_proof& proof) {
  auto text = row("Message", grouped(proof.index));
  text += row("Leaf", fmt::format("{}, number {} of {}", text_of(proof.leaf),
                                  grouped(proof.leaf_index),
                                  grouped(proof.block.header.count)));
  for (const auto& hash : proof.path)
    text += row("Path", text_of(hash));
  return text + block_text(proof.block) +
         "\nThe proof holds: leaf and path lead to the root that the node "
         "signed.";
}

actors::inclusion_proof proof_from_json(std::string_view text) {
  const auto object = crypto::parse_strict_json(text);
  if (!object.is_object())
    wrong("it is not a JSON object");
  actors::inclusion_proof proof;
  proof.block = block_from(member<nlohmann::json>(object, "block"));
  proof.index = required_number(object, "index");
  proof.compact = member<std::string>(object, "jws");
  proof.leaf = hash_from(member<std::string>(object, "leaf"));
  proof.leaf_index = required_number(object, "leaf_index");
  const auto& header = proof.block.header;
  if (required_number(object, "tree_size") != header.count)
    wrong("its tree_size differs from its block's count");
  if (proof.index < header.first_message ||
      proof.index - header.first_message != proof.leaf_index)
    wrong("its index does not match its leaf_index in the block");
  const auto path = member<std::vector<std::string>>(object, "path");
  if (path.size() > path_size_max)
    wrong("its path is longer than any block needs");
  for (const auto& hash : path)
    proof.path.push_back(hash_from(hash));
  return proof;
}

std::optional<crypto::hash_bytes> parse_hash(std::string_view text) {
  if (text.starts_with("id:"))
    text.remove_prefix(3);
  crypto::hash_bytes hash{};
  if (text.size() != 2 * hash.size()) {
    try {
      return crypto::key_id_from_text(text);
    } catch (const std::invalid_argument&) {
      return std::nullopt;
    }
  }
  for (std::size_t i = 0; i < hash.size(); ++i) {
    const auto digits = text.substr(2 * i, 2);
    const auto [at, error] = std::from_chars(
        digits.data(), digits.data() + digits.size(), hash[i], 16);
    if (error != std::errc{} || at != digits.data() + digits.size())
      return std::nullopt;
  }
  return hash;
}

} // namespace chancery::apps
