// SPDX-License-Identifier: Apache-2.0
#include "message_cases.hpp"

#include "message_fixture.hpp"

#include <stdexcept>

namespace chancery::crypto::test {

namespace {

/// Collects malformed versions of one valid text.
class case_list {
 public:
  explicit case_list(std::string good) : good_(std::move(good)) {}

  /// Adds the valid text with the first `from` replaced by `to`.
  void swap(std::string_view from, const std::string& to,
            bool in_schema = true) {
    auto text = good_;
    const auto at = text.find(from);
    if (at == std::string::npos)
      throw std::logic_error("nothing to replace: " + std::string(from));
    text.replace(at, from.size(), to);
    cases_.push_back({std::string(from) + " -> " + to, text, in_schema});
  }

  /// Adds the valid text with the value `good` of a member replaced, once for
  /// each of `bad`.
  void values(const std::string& name, std::string_view good,
              const std::vector<std::string>& bad, bool in_schema = true) {
    const auto member = "\"" + name + "\":";
    for (const auto& value : bad)
      swap(member + std::string(good), member + value, in_schema);
  }

  void text(const std::string& what, const std::string& text,
            bool in_schema = true) {
    cases_.push_back({what, text, in_schema});
  }

  /// Adds the cases that apply to all four kinds of payload.
  void in_general(const std::vector<std::string>& members) {
    values("v", "1", {"0", "2", "-1", "\"1\"", "null", "true", "[1]", "1.5"});
    values("v", "1", {"1.0", "1e0", "10e-1"}, false);
    for (const auto& name : members)
      swap("\"" + name + "\":", "\"x" + name + "\":");
    for (const auto* more :
         {R"("x":1)", R"("V":1)", R"("":null)", R"("__proto__":{})"})
      swap("\"v\":1", std::string("\"v\":1,") + more);
    swap("\"v\":1", "\"v\":1,\"v\":1", false);
    swap("\"v\":1", R"("v":1,"\u0076":1)", false);
    for (const auto* other : {"{}", "[]", "null", "1", "\"\""})
      text(other, other);
    const auto open = good_.substr(0, good_.size() - 1);
    for (const auto& broken :
         {std::string(), std::string(" "), open, good_ + "}", good_ + good_,
          good_ + "\n{}", good_ + ",", open + ",}", "\xef\xbb\xbf" + good_,
          good_ + std::string(1, '\0'), good_ + std::string("\0{}", 3),
          "\xff" + good_, "/**/" + good_, "[" + good_})
      text("not JSON: " + broken, broken, false);
  }

  std::vector<bad_case> take() { return std::move(cases_); }

 private:
  std::string good_;
  std::vector<bad_case> cases_;
};

std::string json_text_of(std::string_view text) {
  return "\"" + std::string(text) + "\"";
}

/// Values that are not base64url of 32 bytes.
std::vector<std::string> bad_hashes(std::string text) {
  auto stray = text;
  stray.back() = static_cast<char>(stray.back() + 1);
  auto plus = text;
  plus[5] = '+';
  auto space = text;
  space[0] = ' ';
  return {json_text_of(text.substr(1)),
          json_text_of(text + "A"),
          json_text_of(text + "="),
          json_text_of(stray),
          json_text_of(plus),
          json_text_of(space),
          json_text_of(text + "\\n"),
          "\"\"",
          "null",
          "1",
          "[" + json_text_of(text) + "]",
          "{}"};
}

const std::vector<std::string> bad_times{"\"\"",
                                         "null",
                                         "1767225600",
                                         "\"2026-01-01\"",
                                         "\"2026-01-01T00:00:00\"",
                                         "\"2026-01-01T00:00:00+00:00\"",
                                         "\"2026-01-01t00:00:00z\"",
                                         "\"2026-01-01 00:00:00Z\"",
                                         "\"2026-13-01T00:00:00Z\"",
                                         "\"2026-01-32T00:00:00Z\"",
                                         "\"2026-01-01T24:00:00Z\"",
                                         "\"2026-01-01T00:60:00Z\"",
                                         "\"2026-01-01T00:00:60Z\"",
                                         "\"2026-01-01T00:00:00.Z\"",
                                         "\"2026-01-01T00:00:00.1234567890Z\"",
                                         "\"1969-12-31T23:59:59Z\"",
                                         "\"2026-01-01T00:00:00Z\\n\"",
                                         "[]"};
const std::vector<std::string> times_that_are_not{"\"2026-02-30T00:00:00Z\"",
                                                  "\"2026-02-29T00:00:00Z\""};

const std::vector<std::string> bad_numbers{"-1",
                                           "-9007199254740991",
                                           "9007199254740992",
                                           "18446744073709551615",
                                           "18446744073709551616",
                                           "100000000000000000000000",
                                           "0.5",
                                           "1.5",
                                           "\"1\"",
                                           "null",
                                           "true",
                                           "[1]",
                                           "{}"};
const std::vector<std::string> written_otherwise{"1.0", "1e0", "1E2", "100e-2"};

} // namespace

std::vector<bad_case> bad_messages() {
  const auto m = some_message();
  case_list list(to_json(m));
  list.in_general({"v", "client", "seq", "time", "node", "body"});
  list.values("client", json_text_of(to_text(m.client)),
              bad_hashes(to_text(m.client)));
  list.values("node", json_text_of(to_text(m.node)),
              bad_hashes(to_text(m.node)));
  list.values("seq", "1", bad_numbers);
  list.values("seq", "1", {"0"});
  list.values("seq", "1", written_otherwise, false);
  list.values("time", json_text_of(m.time), bad_times);
  list.values("time", json_text_of(m.time), times_that_are_not, false);
  list.values("body", m.body,
              {"", "NaN", "1e999", "\"\xff\"", R"("\ud800")", "'x'",
               R"({"a":1,"a":1})", "01",
               std::string(32, '[') + std::string(32, ']')},
              false);
  return list.take();
}

std::vector<bad_case> bad_registrations() {
  const auto r = some_registration();
  case_list list(to_json(r));
  list.in_general({"v", "client", "node", "time"});
  list.swap("\"v\":1", "\"v\":1,\"seq\":1");
  list.values("client", json_text_of(to_text(r.client)),
              bad_hashes(to_text(r.client)));
  list.values("node", json_text_of(to_text(r.node)),
              bad_hashes(to_text(r.node)));
  list.values("time", json_text_of(r.time), bad_times);
  list.values("time", json_text_of(r.time), times_that_are_not, false);
  return list.take();
}

std::vector<bad_case> bad_receipts() {
  const auto r = some_receipt();
  case_list list(to_json(r));
  list.in_general(
      {"v", "node", "client", "seq", "index", "leaf", "time", "block"});
  list.values("client", json_text_of(to_text(r.client)),
              bad_hashes(to_text(r.client)));
  list.values("node", json_text_of(to_text(r.node)),
              bad_hashes(to_text(r.node)));
  const auto leaf = "BwAA" + std::string(39, 'A');
  const auto hash = "CQAA" + std::string(39, 'A');
  list.values("leaf", json_text_of(leaf), bad_hashes(leaf));
  list.values("seq", "3", bad_numbers);
  list.values("seq", "3", {"0"});
  list.values("seq", "3", written_otherwise, false);
  list.values("index", "12", bad_numbers);
  list.values("index", "12", written_otherwise, false);
  list.values("time", "\"2026-01-01T00:00:00.250Z\"", bad_times);
  list.values("block", R"({"index":4,)",
              {"{", R"({"index":4,"x":1,)", R"({"index":4.5,)",
               R"({"index":-1,)", R"({"index":null,)", R"({"index":"4",)"});
  list.values("block", R"({"index":4,)", {R"({"index":4.0,)"}, false);
  const auto block = R"({"index":4,"hash":)" + json_text_of(hash) + "}";
  list.values(
      "block", block,
      {"false", "0", "\"\"", "[]", "{}", R"({"index":4})", "[" + block + "]"});
  list.values("hash", json_text_of(hash), bad_hashes(hash));
  return list.take();
}

std::vector<bad_case> bad_node_keys() {
  const auto k = some_node_keys();
  const auto node = to_text(k.signing.id());
  const auto other = to_text(k.encryption.id());
  case_list list(to_json(k));
  list.in_general({"v", "node", "keys", "block_size"});
  list.values("node", json_text_of(node), bad_hashes(node));
  list.values("node", json_text_of(node), {json_text_of(other)}, false);
  list.values("kid", json_text_of(node), bad_hashes(node));
  list.values("kid", json_text_of(node), {json_text_of(other)}, false);
  list.values("kid", json_text_of(other), {json_text_of(node)}, false);
  for (const std::string name : {"kty", "crv", "x", "y", "kid", "use", "alg"})
    list.swap("\"" + name + "\":", "\"z" + name + "\":");
  for (const auto* more : {R"("d":"AA")", R"("key_ops":[])", R"("kty2":1)"})
    list.swap(R"("kty":"EC")", std::string(R"("kty":"EC",)") + more);
  list.values("use", "\"sig\"", {"\"enc\"", "\"\"", "null"});
  list.values("use", "\"enc\"", {"\"sig\"", "\"\"", "null"});
  list.values("alg", "\"ES256\"", {"\"none\"", "\"ECDH-ES\"", "null"});
  list.values("alg", "\"ECDH-ES\"", {"\"ES256\"", "\"ECDH-ES+A256KW\""});
  list.values("kty", "\"EC\"", {"\"OKP\"", "null"});
  list.values("crv", "\"P-256\"", {"\"P-384\"", "null"});
  list.values("y", "\"S", {"\"T"}, false); // off the curve
  list.values("y", "\"SLW_", {"\"SL", "\"SL=_", "\"AAAASLW_"});
  list.values("block_size", "100",
              {"0", "-1", "65537", "4294967296", "null", "\"100\"", "1.5"});
  list.values("block_size", "100", {"100.0", "1e2"}, false);
  list.values("keys", "[", {"[null,", "[[],", "[1,"});
  const auto text = to_json(k);
  const auto keys = text.find("[");
  const auto middle = text.find("},{");
  const auto end = text.find("]");
  const auto first = text.substr(keys + 1, middle - keys);
  const auto second = text.substr(middle + 2, end - middle - 2);
  const auto whole = text.substr(keys, end - keys + 1);
  auto twice = first;
  twice.replace(twice.find("sig"), 3, "enc");
  twice.replace(twice.find("ES256"), 5, "ECDH-ES");
  list.values("keys", whole, {"[" + first + "," + twice + "]"}, false);
  list.values("keys", whole,
              {"[]", "{}", "null", "[" + first + "]", "[" + second + "]",
               "[" + second + "," + first + "]",
               "[" + first + "," + second + "," + second + "]",
               "[" + first + "," + first + "]"});
  return list.take();
}

} // namespace chancery::crypto::test
