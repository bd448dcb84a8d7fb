// SPDX-License-Identifier: Apache-2.0

// Compares message.schema.json with the code: its limits are the constants, and
// both give the same verdicts on the list of malformed payloads. The validator
// here knows only the keywords that the schema uses, and fails on others.

#include "crypto/jose/jwk.hpp"
#include "crypto/jose/jws.hpp"
#include "crypto/jose/strict_json.hpp"
#include "crypto/ledger/block.hpp"
#include "crypto/ledger/message.hpp"
#include "tests/crypto/fixture.hpp"
#include "tests/crypto/message_cases.hpp"
#include "tests/crypto/message_fixture.hpp"

#include <boost/test/unit_test.hpp>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <cmath>
#include <regex>
#include <set>
#include <stdexcept>

BOOST_AUTO_TEST_SUITE(message_schema_test)

using namespace chancery::crypto;
using namespace chancery::crypto::test;
using nlohmann::json;

namespace {

const json& schema() {
  static const json document = parse_strict_json(read_text(CHANCERY_SCHEMA));
  return document;
}

const json& definition(std::string_view name) {
  return schema().at("$defs").at(name);
}

bool is_type(const json& value, const std::string& type) {
  if (type == "integer") // 1.0 is an integer (JSON Schema Core 4.2.3)
    return value.is_number() &&
           std::floor(value.get<double>()) == value.get<double>();
  return (type == "object" && value.is_object()) ||
         (type == "array" && value.is_array()) ||
         (type == "string" && value.is_string()) ||
         (type == "null" && value.is_null());
}

bool holds(const json& rules, const json& value);

bool object_holds(const json& rules, const json& object) {
  for (const auto& name : rules.value("required", json::array()))
    if (!object.contains(name.get<std::string>()))
      return false;
  const auto known = rules.value("properties", json::object());
  for (const auto& [name, value] : object.items())
    if (known.contains(name) ? !holds(known[name], value)
                             : !rules.value("additionalProperties", true))
      return false;
  return true;
}

bool array_holds(const json& rules, const json& array) {
  const auto items = rules.value("prefixItems", json::array());
  for (std::size_t i = 0; i < std::min(items.size(), array.size()); ++i)
    if (!holds(items[i], array[i]))
      return false;
  const auto all = rules.value("items", json(true));
  const auto one = rules.value("contains", json(true));
  const auto is_one = [&](const json& item) { return holds(one, item); };
  return array.size() >= rules.value("minItems", std::size_t{0}) &&
         array.size() <= rules.value("maxItems", array.size()) &&
         std::all_of(array.begin(), array.end(),
                     [&](const json& item) { return holds(all, item); }) &&
         (one == true || std::any_of(array.begin(), array.end(), is_one)) &&
         (!rules.value("uniqueItems", false) ||
          std::set<json>(array.begin(), array.end()).size() == array.size());
}

/// Compares numbers as doubles, which is exact for limits up to 2^53.
bool number_holds(const json& rules, const json& number) {
  const auto n = number.get<double>();
  return (!rules.contains("minimum") || n >= rules["minimum"].get<double>()) &&
         (!rules.contains("maximum") || n <= rules["maximum"].get<double>());
}

bool matches(const json& rules, const json& text) {
  return !rules.contains("pattern") ||
         std::regex_match(text.get<std::string>(),
                          std::regex(rules["pattern"].get<std::string>()));
}

void require_known_keywords(const json& rules) {
  static const std::set<std::string> known{
      "$schema",     "$id",      "$defs",
      "$ref",        "title",    "anyOf",
      "const",       "enum",     "type",
      "description", "required", "properties",
      "minItems",    "maxItems", "additionalProperties",
      "minimum",     "maximum",  "pattern",
      "prefixItems", "items",    "contains",
      "uniqueItems"};
  for (const auto& [name, value] : rules.items())
    if (!known.contains(name))
      throw std::logic_error("the validator does not know " + name);
}

bool holds(const json& rules, const json& value) {
  if (rules.is_boolean())
    return rules.get<bool>();
  require_known_keywords(rules);
  if (rules.contains("$ref")) {
    const auto ref = rules["$ref"].get<std::string>();
    const std::string_view front = "#/$defs/";
    BOOST_REQUIRE(ref.starts_with(front));
    if (!holds(definition(ref.substr(front.size())), value))
      return false;
  }
  const auto any = rules.value("anyOf", json::array());
  const auto values = rules.value("enum", json::array());
  return (any.empty() ||
          std::any_of(any.begin(), any.end(),
                      [&](const json& one) { return holds(one, value); })) &&
         (values.empty() ||
          std::find(values.begin(), values.end(), value) != values.end()) &&
         (!rules.contains("const") || rules["const"] == value) &&
         (!rules.contains("type") ||
          is_type(value, rules["type"].get<std::string>())) &&
         (!value.is_object() || object_holds(rules, value)) &&
         (!value.is_array() || array_holds(rules, value)) &&
         (!value.is_number() || number_holds(rules, value)) &&
         (!value.is_string() || matches(rules, value));
}

void agrees(const json& rules, const std::string& good,
            const std::vector<bad_case>& cases) {
  BOOST_TEST(holds(rules, parse_strict_json(good)), good);
  std::size_t seen = 0;
  for (const auto& bad : cases)
    if (bad.in_schema) {
      BOOST_TEST(!holds(rules, parse_strict_json(bad.text)), bad.what);
      ++seen;
    }
  BOOST_TEST(seen > 40U);
}

} // namespace

BOOST_AUTO_TEST_CASE(its_limits_are_those_of_the_code) {
  BOOST_TEST(schema().at("$schema") ==
             "https://json-schema.org/draft/2020-12/schema");
  BOOST_TEST(schema().at("required") ==
             json({"v", "client", "seq", "time", "node", "body"}));
  BOOST_TEST(schema().at("additionalProperties") == false);
  BOOST_TEST(definition("version").at("const") == 1);
  BOOST_TEST(definition("sequence").at("minimum") == 1);
  BOOST_TEST(definition("sequence").at("maximum") == sequence_max);
  BOOST_TEST(definition("index").at("minimum") == 0);
  BOOST_TEST(definition("index").at("maximum") == sequence_max);
  const auto& block_size =
      definition("node_keys").at("properties").at("block_size");
  BOOST_TEST(block_size.at("minimum") == 1);
  BOOST_TEST(block_size.at("maximum") == block_size_max);
  BOOST_TEST(contains(schema().at("description").get<std::string>(),
                      std::to_string(payload_size_max)));
}

BOOST_AUTO_TEST_CASE(every_object_in_it_is_closed_and_has_all_its_members) {
  for (const auto& [name, rules] : schema().at("$defs").items())
    if (rules.value("type", "") == "object" && name != "public_jwk") {
      BOOST_TEST(rules.at("additionalProperties") == false, name);
      for (const auto& [member, value] : rules.at("properties").items()) {
        const auto& required = rules.at("required");
        const bool optional =
            name == "jwe_header" && (member == "apu" || member == "apv");
        BOOST_TEST((std::find(required.begin(), required.end(), member) !=
                    required.end()) != optional,
                   name << " " << member);
      }
    }
}

BOOST_AUTO_TEST_CASE(its_types_are_those_of_the_code) {
  BOOST_TEST(definition("jws_header").at("properties").at("typ").at("enum") ==
             json({message_type, receipt_type, keys_type}));
  const auto& registration =
      definition("registration_header").at("properties").at("typ");
  BOOST_TEST(registration.at("const") == registration_type);
  const auto& cty = definition("jwe_header").at("properties").at("cty");
  BOOST_TEST(cty.at("const") == message_type);
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_reader_on_every_message) {
  agrees(schema(), to_json(some_message()), bad_messages());
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_reader_on_every_registration) {
  agrees(definition("registration"), to_json(some_registration()),
         bad_registrations());
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_reader_on_every_receipt) {
  agrees(definition("receipt"), to_json(some_receipt()), bad_receipts());
  auto without_block = some_receipt();
  without_block.block.reset();
  BOOST_TEST(holds(definition("receipt"), json::parse(to_json(without_block))));
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_reader_on_every_set_of_node_keys) {
  agrees(definition("node_keys"), to_json(some_node_keys()), bad_node_keys());
}

BOOST_AUTO_TEST_CASE(the_headers_that_are_written_follow_it) {
  const auto key = rfc7515_key();
  const auto header = [](const std::string& compact) {
    return json::parse(decode(compact.substr(0, compact.find('.'))));
  };
  for (const auto typ : {message_type, receipt_type, keys_type})
    BOOST_TEST(holds(definition("jws_header"),
                     header(jws_signing_input(typ, key.id(), "{}"))));
  const auto registering = header(
      jws_signing_input(registration_type, key.id(), "{}", &key.public_half()));
  BOOST_TEST(holds(definition("registration_header"), registering));
  BOOST_TEST(!holds(definition("jws_header"), registering));
  BOOST_TEST(holds(definition("jwe_header"),
                   json::parse(jwe_header_text(
                       key.public_half(), key.public_half(), message_type))));
}

BOOST_AUTO_TEST_CASE(it_agrees_with_the_reader_on_every_key_in_a_header) {
  const auto key = to_jwk(rfc7515_key().public_half());
  const auto agrees_on = [&](const char* members, bool verifies, bool agrees) {
    auto jwk = key;
    jwk.update(json::parse(members));
    const auto reads = [&jwk](jwk_purpose purpose) {
      return complaint([&] { public_key_from_jwk(jwk, purpose); }).empty();
    };
    BOOST_TEST(holds(definition("verifying_jwk"), jwk) == verifies, members);
    BOOST_TEST(holds(definition("ephemeral_jwk"), jwk) == agrees, members);
    BOOST_TEST(reads(jwk_purpose::verify) == verifies, members);
    BOOST_TEST(reads(jwk_purpose::agree_with) == agrees, members);
  };
  agrees_on(R"({"ext":true,"kid":"k"})", true, true);
  agrees_on(R"({"use":"sig"})", true, false);
  agrees_on(R"({"use":"enc"})", false, true);
  agrees_on(R"({"key_ops":[]})", false, true);
  agrees_on(R"({"key_ops":["verify"]})", true, false);
  agrees_on(R"({"key_ops":["verify","deriveBits"]})", true, true);
  for (const auto* members :
       {R"({"d":null})", R"({"use":1})", R"({"key_ops":"verify"})",
        R"({"key_ops":["wrapKey"]})", R"({"key_ops":["verify",1]})",
        R"({"key_ops":["deriveKey","verify","verify"]})"})
    agrees_on(members, false, false);
}

BOOST_AUTO_TEST_SUITE_END()
