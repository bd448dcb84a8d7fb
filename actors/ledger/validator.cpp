// SPDX-License-Identifier: Apache-2.0
#include "actors/ledger/validator.hpp"

#include "actors/base/quiet.hpp"
#include "crypto/base/bytes.hpp"

#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace chancery::actors {

namespace {

/// A JWS has three parts, a JWE has five.
bool has_three_parts(std::string_view text) {
  int dots = 0;
  for (auto at = text.find('.'); at != text.npos && dots < 3;
       at = text.find('.', at + 1))
    ++dots;
  return dots == 2;
}

bool is_message(const std::string& compact) {
  try {
    crypto::parse_signed(compact, crypto::message_type);
    return true;
  } catch (const crypto::refused&) {
    return false;
  }
}

/// What `judge` finds, or why it throws.
template <class Judge>
decltype(verdict::found) found_by(Judge&& judge) {
  try {
    return judge();
  } catch (const crypto::refused& r) {
    return refused_arrival{.code = r.code(), .why = r.what()};
  } catch (...) {
    return refused_arrival{.why = caught_sentence()};
  }
}

} // namespace

void validator_state::start(const validator_config& config) {
  store_ = config.store;
  opener_.emplace(config.identity->id(), config.identity->encryption,
                  config.provider);
}

validation_result validator_state::validate(const validation_work& work) {
  if (keys_.size() >= validator_keys_max)
    keys_.clear(); // not later: opened messages point to keys
  validation_result result;
  std::vector<std::size_t> messages;
  for (std::size_t i = 0; i < work.items.size(); ++i) {
    const auto& item = work.items[i];
    result.items.push_back({item.number, refused_arrival{}});
    if (has_three_parts(item.text))
      result.items.back().found =
          found_by([&] { return judge_registration(item); });
    else
      messages.push_back(i);
  }
  judge_messages(work, messages, result.items);
  verify_opened(result.items);
  opened_.clear();
  return result;
}

void validator_state::judge_messages(const validation_work& work,
                                     const std::vector<std::size_t>& messages,
                                     std::vector<verdict>& results) {
  try {
    std::vector<std::string_view> texts;
    texts.reserve(messages.size());
    for (const auto i : messages)
      texts.push_back(work.items[i].text);
    auto openings = opener_->open_all(texts);
    for (std::size_t at = 0; at < messages.size(); ++at) {
      const auto i = messages[at];
      results[i].found = found_by(
          [&] { return judge_message(work.items[i], i, openings[at]); });
    }
  } catch (...) {
    for (const auto i : messages)
      results[i].found = refused_arrival{.why = caught_sentence()};
  }
}

void validator_state::verify_opened(std::vector<verdict>& results) {
  try {
    if (!opened_.empty())
      verify_all(results);
  } catch (...) {
    for (const auto& item : opened_)
      results[item.index].found = refused_arrival{.why = caught_sentence()};
  }
}

void validator_state::verify_all(std::vector<verdict>& results) {
  std::vector<crypto::message_claim> claims;
  for (const auto& item : opened_)
    claims.push_back({&item.opened, item.key});
  const auto right = std::make_unique<bool[]>(claims.size());
  opener_->verify_all(claims, {right.get(), claims.size()});
  for (std::size_t i = 0; i < opened_.size(); ++i) {
    auto& [index, opened, key] = opened_[i];
    if (right[i]) {
      results[index].found =
          valid_message{opened.content.client, opened.content.sequence,
                        std::move(opened.compact)};
    } else {
      const auto why = crypto::bad_signature();
      results[index].found =
          refused_arrival{.code = why.code(), .why = why.what()};
    }
  }
}

// A message without another fault waits for its signature's verdict.
validator_state::finding
validator_state::judge_message(const arrival& item, std::size_t index,
                               crypto::message_opening& opening) {
  if (const auto* refusal = std::get_if<crypto::refused>(&opening))
    throw *refusal;
  auto& opened = std::get<crypto::opened_message>(opening);
  const auto* key = find_key(opened.content.client, item.key);
  if (key == nullptr)
    return refused_arrival{.code = crypto::refusal::unknown_client,
                           .why = "this client is not registered here",
                           .client = opened.content.client,
                           .jwe = item.text};
  crypto::message_opener::require_sender(opened, *key);
  opened_.push_back({index, std::move(opened), key});
  return refused_arrival{};
}

valid_registration validator_state::judge_registration(const arrival& item) {
  if (is_message(item.text))
    throw crypto::refused(
        crypto::refusal::not_encrypted_to_me,
        "the message is not encrypted: encrypt it to this node");
  const auto opened = opener_->open_registration(item.text);
  return {opened.content.client,
          std::string(crypto::text_of(opened.key.point()))};
}

const crypto::public_key*
validator_state::find_key(const crypto::key_id& client,
                          const std::string& from_node) {
  const auto known = keys_.find(client);
  if (known != keys_.end())
    return &known->second;
  const auto keep = [&](std::span<const std::byte> point) {
    const crypto::public_key key(crypto::curve::p256, point);
    return &keys_.emplace(client, key).first->second;
  };
  if (!from_node.empty())
    return keep(crypto::bytes_of(from_node));
  const auto view = store_->read();
  const auto point = view.client(client);
  return point ? keep(*point) : nullptr;
}

validator_actor::behavior_type validator(validator_state::pointer self,
                                         const validator_config& config) {
  keep_quiet(self);
  self->state.start(config);
  return {
      [self](validate_atom, const validation_work& work) {
        return self->state.validate(work);
      },
  };
}

} // namespace chancery::actors
