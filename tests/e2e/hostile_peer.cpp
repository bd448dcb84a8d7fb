// SPDX-License-Identifier: Apache-2.0
//
// hostile_peer PORT CLUSTER_FOLDER MANNER [SECONDS]
//
// Attacks a listener on this host with its own TLS and its own frames of CAF's
// protocol, with the certificate in the folder. Prints what it saw, as "name
// number" lines. Manners:
//
//   headers     16 links, each with the header of the longest frame that is let
//               through, and 1.2 kB of it
//   drip        a frame that comes at ten bytes a second
//   links       40 links that send heartbeats alone, until the last is cut
//   unexpected  messages that no actor expects, on ever new links
//   shouting    hellos that are refused, with names full of controls, on ever
//               new links
//   answers     forged answers, notices of ends, messages to other actors
//   silent      500 connections a second that send nothing

#include "actors/transport/frame_reader.hpp"
#include "crypto/base/bytes.hpp"
#include "tests/actors/transport/frames.hpp"
#include "tests/actors/transport/raw_client.hpp"

#include <caf/atom.hpp>
#include <fmt/format.h>

#include <chrono>
#include <deque>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <memory>
#include <random>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace chancery;
using namespace chancery::tests;
using namespace std::chrono_literals;
using clock_type = std::chrono::steady_clock;

std::string read(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  if (!file)
    throw std::runtime_error("cannot read " + path.string());
  return {std::istreambuf_iterator<char>(file), {}};
}

struct target {
  std::uint16_t port = 0;
  crypto::host_credentials certificate;
  clock_type::time_point end;

  bool over() const { return clock_type::now() >= end; }
};

std::string random_node() {
  static std::mt19937_64 random{std::random_device{}()};
  auto id = node('x');
  for (std::size_t i = 12; i < id.size(); ++i)
    id[i] = static_cast<char>(1 + random() % 250);
  return id;
}

/// A link that has greeted CAF as a client does.
class evil_link {
 public:
  explicit evil_link(const target& t) : tls_(t.port, t.certificate) {
    if (!tls_.handshake() ||
        !tls_.send(frame{.operation = 1, .payload = random_node()}.bytes()))
      return;
    const auto header = tls_.read(32);
    if (header.size() < 32)
      return;
    actors::frame_reader length(crypto::bytes_of(header).subspan(4, 4));
    const auto payload = tls_.read(length.number<std::uint32_t>());
    if (header[0] != 0) {
      refusal = payload;
      return;
    }
    actors::frame_reader r(crypto::bytes_of(payload).subspan(32));
    for (auto names = r.length(16); names > 0; --names)
      r.text(1'000);
    gateway = r.number<std::uint64_t>();
    open = true;
  }

  bool send(const std::string& bytes) {
    open = open && tls_.send(bytes);
    return open;
  }

  std::uint64_t gateway = 0;
  std::string refusal;
  bool open = false;

 private:
  raw_tls tls_;
};

using report = std::map<std::string, std::uint64_t>;
using links = std::vector<std::unique_ptr<evil_link>>;

std::size_t open_ones(const links& all) {
  std::size_t count = 0;
  for (const auto& l : all)
    count += l->open;
  return count;
}

/// Keeps them alive with heartbeats until all are cut or the time is over.
void beat(const target& t, const links& all) {
  while (open_ones(all) > 0 && !t.over()) {
    for (const auto& l : all)
      l->send(heartbeat().bytes());
    std::this_thread::sleep_for(200ms);
  }
}

/// A frame of this length, of which only the begin is sent.
std::string begun_frame(std::uint64_t gateway, std::uint64_t length) {
  return direct(gateway, "@<>+@atom+chancery::actors::hello",
                std::string(1'150, 'x'))
      .bytes_with_length(length);
}

report headers(const target& t) {
  links all;
  std::uint64_t longest = std::uint64_t{16} << 20;
  // The longest that is let through, by halves.
  for (; longest > 1'200; longest /= 2) {
    evil_link probe(t);
    probe.send(begun_frame(probe.gateway, longest));
    std::this_thread::sleep_for(100ms);
    if (probe.send("x") && probe.send("x"))
      break;
    std::this_thread::sleep_for(50ms);
  }
  for (int i = 0; i < 16; ++i) {
    all.push_back(std::make_unique<evil_link>(t));
    all.back()->send(begun_frame(all.back()->gateway, longest));
  }
  while (!t.over() && open_ones(all) > 0) {
    for (const auto& l : all)
      l->send("x");
    std::this_thread::sleep_for(300ms);
  }
  return {{"longest", longest}, {"open", open_ones(all)}};
}

report drip(const target& t) {
  evil_link l(t);
  l.send(begun_frame(l.gateway, 10'000));
  while (!t.over() && l.send("x"))
    std::this_thread::sleep_for(100ms);
  return {{"open", l.open}};
}

/// Forty links, which all beat. False when that took so long that the first may
/// be over.
bool opens_forty(const target& t, links& all) {
  const auto begin = clock_type::now();
  all.clear();
  for (int i = 0; i < 40; ++i) {
    all.push_back(std::make_unique<evil_link>(t));
    for (const auto& l : all)
      l->send(heartbeat().bytes());
  }
  return clock_type::now() - begin < 8s;
}

report many_links(const target& t) {
  links all;
  while (!opens_forty(t, all) && !t.over())
    std::this_thread::sleep_for(1s);
  std::uint64_t told = 0;
  for (const auto& l : all)
    told += l->refusal.find("16 links") != std::string::npos;
  const auto let_in = open_ones(all);
  beat(t, all);
  return {{"let_in", let_in}, {"told", told}, {"open", open_ones(all)}};
}

/// Runs `attack` on one new link after another.
template <class Attack>
report again_and_again(const target& t, const Attack& attack) {
  std::uint64_t count = 0;
  while (!t.over()) {
    evil_link l(t);
    if (l.open)
      ++count, attack(l);
  }
  return {{"links", count}};
}

const std::string hello = "chancery::actors::hello";

/// A hello as CAF writes it.
std::string hello_values(std::uint32_t protocol, const std::string& software) {
  return big_endian(protocol, 4) + counted(software) +
         counted(std::string(16, 'i')) + counted(std::string(32, 'p')) +
         counted(std::string(16, 'f'));
}

const std::string ugly = "\x1b]0;owned\a\x9b[2J\xc2\x9b[31m\xe2\x80\xae"
                         "\xe2\x80\x8b\n\nchancery: all is well\r\n";

report unexpected(const target& t) {
  return again_and_again(t, [](evil_link& l) {
    const auto lines = hello_values(2, ugly);
    for (int i = 0; i < 200 && l.open; ++i) {
      l.send(direct(l.gateway, "@<>", "").bytes());
      l.send(direct(l.gateway, "@<>+" + hello, lines).bytes());
      l.send(direct(l.gateway, "@<>+@error", error_of("@<>", "")).bytes());
    }
  });
}

report shouting(const target& t) {
  std::string name = ugly;
  while (name.size() < 10'000)
    name += ugly;
  const auto atom = big_endian(caf::atom_uint("hello"), 8);
  return again_and_again(t, [&](evil_link& l) {
    l.send(
        direct(l.gateway, "@<>+@atom+" + hello, atom + hello_values(99, name))
            .bytes());
  });
}

report answers(const target& t) {
  int n = 0;
  return again_and_again(t, [&](evil_link& l) {
    auto answer = direct(l.gateway, "@<>", "");
    answer.data |= answer_bit;
    switch (n++ % 5) {
    case 0:
      l.send(answer.bytes());
      break;
    case 1:
      l.send(direct(l.gateway, "@<>+@exit", std::string(40, '\1')).bytes());
      break;
    case 2:
      l.send(direct(l.gateway, "@<>+@down", std::string(40, '\1')).bytes());
      break;
    case 3:
      l.send(direct(l.gateway - 1, "@<>+@atom", std::string(8, '\1')).bytes());
      break;
    default:
      l.send(down(l.gateway, 'P', 'S', error_of("@<>", "")).bytes());
      break;
    }
  });
}

report silent(const target& t) {
  std::deque<std::unique_ptr<raw_socket>> open;
  std::uint64_t count = 0;
  for (auto next = clock_type::now(); !t.over(); next += 2ms) {
    open.push_back(std::make_unique<raw_socket>(t.port));
    ++count;
    if (open.size() > 400)
      open.pop_front();
    std::this_thread::sleep_until(next);
  }
  return {{"connections", count}};
}

void run(const std::vector<std::string>& words) {
  const std::filesystem::path cluster(words.at(1));
  target t;
  t.port = static_cast<std::uint16_t>(std::stoul(words.at(0)));
  t.certificate.authority_pem = read(cluster / "ca.pem");
  t.certificate.certificate_pem = read(cluster / "host.pem");
  t.certificate.key_pem = read(cluster / "host.key");
  t.end = clock_type::now() +
          std::chrono::seconds(words.size() > 3 ? std::stoi(words[3]) : 2);
  const std::map<std::string, report (*)(const target&)> manners{
      {"headers", headers},       {"drip", drip},         {"links", many_links},
      {"unexpected", unexpected}, {"shouting", shouting}, {"answers", answers},
      {"silent", silent}};
  for (const auto& [name, number] : manners.at(words.at(2))(t))
    fmt::print("{} {}\n", name, number);
}

} // namespace

int main(int argc, char** argv) {
  try {
    run({argv + 1, argv + argc});
    return 0;
  } catch (const std::exception& e) {
    fmt::print(stderr, "hostile_peer: {}\n", e.what());
    return 3;
  }
}
