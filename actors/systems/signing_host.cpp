// SPDX-License-Identifier: Apache-2.0
#include "actors/systems/signing_host.hpp"

#include "actors/base/detached.hpp"

#include <caf/send.hpp>

#include <algorithm>
#include <utility>

namespace chancery::actors {

namespace {

/// For keyring, dispatcher, intake, gateways and connections: the others are
/// detached. Keyring and dispatcher alone have less to do than waking each
/// other costs.
std::size_t scheduler_threads(const signing_options& options) {
  return options.cluster ? 2 : 1;
}

/// A tenth of the interval between commits.
constexpr milliseconds writer_nap{1};

/// The writer and the signers; with a cluster, reader, verifiers and listener.
std::size_t threads_of(const signing_options& options) {
  return 1 + options.signers +
         (options.cluster ? unit_verifiers(options) + 2 : 0);
}

} // namespace

std::size_t unit_verifiers(const signing_options& options) {
  return options.cluster ? std::max<std::size_t>(1, options.cluster->verifiers)
                         : 0;
}

signing_host::signing_host(const signing_options& options,
                           record_writer_config writing)
    : host_({scheduler_threads(options), threads_of(options)},
            options.cluster.has_value()) {
  writing.nap = writer_nap;
  writing.failed = [this](const caf::error& why) {
    const std::scoped_lock lock(mutex_);
    failure_ = sentence(why);
  };
  writer_ = spawn_detached(host_.system(), record_writer, std::move(writing));
}

signing_host::~signing_host() {
  watchdog_.arm();
  caf::anon_send_exit(writer_, caf::exit_reason::user_shutdown);
}

std::string signing_host::failure() const {
  const std::scoped_lock lock(mutex_);
  return failure_;
}

} // namespace chancery::actors
