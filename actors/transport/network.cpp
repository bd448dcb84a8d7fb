// SPDX-License-Identifier: Apache-2.0
#include "actors/transport/network.hpp"

#include "actors/base/threads.hpp"

#include <caf/actor_system.hpp>
#include <caf/actor_system_config.hpp>
#include <caf/io/middleman.hpp>
#include <caf/io/network/default_multiplexer.hpp>
#include <caf/timespan.hpp>

#include <chrono>
#include <cstddef>
#include <random>

// Replaces CAF's own function, which its shared library calls through the
// dynamic symbol table. In the same file as load_network, so that no program
// links one without the other.
namespace caf::detail {

unsigned get_process_id();

unsigned get_process_id() {
  static const auto id = [] {
    std::random_device random;
    unsigned drawn = 0;
    while (drawn == 0)
      drawn = random();
    return drawn;
  }();
  return id;
}

} // namespace caf::detail

namespace chancery::actors {

namespace {

/// CAF's middleman, which starts whole or not at all.
class whole_middleman : public caf::io::middleman {
 public:
  explicit whole_middleman(caf::actor_system& system)
      : middleman(system), backend_(&system) {}

  static caf::actor_system::module* make(caf::actor_system& system,
                                         caf::detail::type_list<>) {
    return new whole_middleman(system);
  }

  void start() override {
    start_or_end([this] { middleman::start(); });
  }

  caf::io::network::multiplexer& backend() override { return backend_; }

 private:
  caf::io::network::default_multiplexer backend_;
};

} // namespace

void load_network(caf::actor_system_config& config) {
  using namespace std::chrono_literals;
  config.load<whole_middleman>();
  config.set("middleman.heartbeat-interval", caf::timespan(500ms));
  // Links cut silent peers themselves (link.hpp).
  config.set("middleman.connection-timeout", caf::timespan(0));
  // Messages are deserialized where they arrive, so that busy scheduler threads
  // do not delay those for detached actors.
  config.set("middleman.workers", std::size_t{0});
}

} // namespace chancery::actors
