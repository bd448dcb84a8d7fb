// SPDX-License-Identifier: Apache-2.0
// libFuzzer target for frame_check, which judges every frame that a certified
// peer sends to CAF. The first byte selects our side of the link, the second
// the size of the pieces in which the stream arrives. The piece size must not
// change the verdict, and the check must decide within `look_ahead` bytes.
#include "actors/transport/frame_check.hpp"

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <vector>

namespace {

using namespace chancery::actors;
using verdict = frame_check::verdict;

constexpr auto look_ahead = frame_check::header_size + frame_check::judged_max;

void require(bool holds) {
  if (!holds)
    std::abort();
}

/// What the check did with a stream.
struct outcome {
  std::vector<std::byte> passed;
  std::size_t dropped = 0;
  bool refused = false;
  bool greeted = false;
};

const type_names& names() {
  static const type_names all{"@atom", "@str", "chancery::actors::hello"};
  return all;
}

frame_rules rules(bool listening) {
  frame_rules r;
  r.side = listening ? link_side::listening : link_side::dialling;
  r.self.fill(std::byte{'S'});
  r.gateway = 6;
  r.message_types = &names();
  return r;
}

outcome run(std::span<const std::byte> stream, bool listening,
            std::size_t piece) {
  frame_check check(rules(listening));
  outcome result;
  std::vector<std::byte> waiting;
  for (;;) {
    const auto [what, bytes] = check.judge(waiting);
    require(bytes <= waiting.size());
    require(bytes > 0 || what == verdict::wait || what == verdict::refuse);
    const auto end = waiting.begin() + static_cast<std::ptrdiff_t>(bytes);
    if (what == verdict::pass)
      result.passed.insert(result.passed.end(), waiting.begin(), end);
    if (what == verdict::drop)
      result.dropped += bytes;
    waiting.erase(waiting.begin(), end);
    result.greeted = check.peer().has_value();
    result.refused = what == verdict::refuse;
    require(!result.refused || !check.why().empty());
    if (result.refused)
      return result;
    if (what != verdict::wait)
      continue;
    require(waiting.size() < look_ahead);
    const auto more = std::min(piece, stream.size());
    if (more == 0)
      return result;
    waiting.insert(waiting.end(), stream.begin(),
                   stream.begin() + static_cast<std::ptrdiff_t>(more));
    stream = stream.subspan(more);
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data,
                                      std::size_t size) {
  if (size < 2)
    return 0;
  const bool listening = data[0] % 2 == 0;
  const auto stream = std::as_bytes(std::span(data + 2, size - 2));
  const auto whole = run(stream, listening, look_ahead);
  const auto pieces = run(stream, listening, data[1] % 64 + 1u);
  require(whole.passed == pieces.passed && whole.dropped == pieces.dropped &&
          whole.refused == pieces.refused && whole.greeted == pieces.greeted);
  // Nothing reaches CAF before the peer has identified itself.
  require(whole.greeted || whole.passed.empty());
  return 0;
}
