// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/serve_signing.hpp"

#include "actors/signing/certificate_book.hpp"
#include "apps/certificates/trial_ca.hpp"
#include "apps/platform/hardware_threads.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>

namespace chancery::apps {

void add_serve_signing(const command_spec& command,
                       serve_signing_choice& choice) {
  command.flag("--no-signing", choice.off,
               "Sign nothing: show what another process signs in this folder");
  choice.signing.signers_min = 0;
  choice.signing.signers_default = "one per core but one";
  add_signing_options(command, choice.signing);
  command
      .number("--max-wait", choice.max_wait_ms, {0, actors::max_wait_ms_max},
              "How long a record may wait for others of its batch, in "
              "milliseconds")
      .default_text("250");
  command
      .number("--idempotency-hours", choice.marks_hours, {1, 8'760},
              "How long a request with an Idempotency-Key gets its first "
              "answer again")
      .default_text("72");
  command
      .text("--workers", choice.workers.listen,
            "Also accept workers of other hosts at this address, as `sign "
            "--listen`")
      .value_name("ADDR:PORT");
  command
      .text("--workers-cluster", choice.workers.cluster,
            "This host's certificate for them, where that of --cluster is the "
            "ledger's")
      .value_name("DIR");
  add_coordinator_options(command, choice.workers);
}

std::unique_ptr<record_service> signing_half(const command_context& context,
                                             const serve_signing_choice& choice,
                                             const node_choice& node,
                                             signed_listener signed_now) {
  if (choice.off)
    return nullptr;
  auto workers = choice.workers;
  if (workers.cluster.empty())
    workers.cluster = node.cluster;
  workers.deny = node.deny;
  const auto cluster = coordinating(workers, choice.signing.paranoid,
                                    "--workers", "--workers-cluster");
  auto signing = choice.signing;
  if (!signing.signers) // leaves a core to the rest
    signing.signers = std::max<std::size_t>(1, hardware_threads() - 1);
  if (signing.signers == std::uint64_t{0} && !cluster)
    throw usage_error("--signers 0 leaves no signer: only with --workers can "
                      "a service do without its own");
  return std::make_unique<record_service>(
      context, record_service_options{
                   .signing =
                       [signing, cluster](const crypto::keyring& keys) {
                         auto options = signing_options_for(signing, keys);
                         options.cluster = cluster;
                         warn_of_idle_signers(options, keys);
                         return options;
                       },
                   .max_wait_ms = choice.max_wait_ms,
                   .disk_reserve = node.disk_reserve << 20,
                   .marks_hours = choice.marks_hours,
                   .signed_now = std::move(signed_now)});
}

std::string fault_of_anybody(const signed_folder& folder) {
  const auto store = folder.records();
  if (!store)
    return {};
  const trial_ca trial(folder.folder().root());
  for (const auto& authority : actors::stored_authorities(store->read()))
    if (!trial.has_keys() || authority != trial.own())
      return fmt::format("anybody on this host could have records sealed under "
                         "the authority {}: ask for tokens (`chancery token "
                         "make`), or say --open-loopback",
                         authority.subject());
  return {};
}

std::shared_ptr<const signed_folder> folder_of(const command_context& context,
                                               const record_service* records) {
  if (records == nullptr)
    return std::make_shared<const signed_folder>(context.data,
                                                 context.map_size);
  return std::make_shared<const signed_folder>(context.data, records->store());
}

served_intake intake_of(record_service* records) {
  if (records == nullptr)
    return {};
  return {.submit =
              [records](actors::record_request request,
                        actors::record_reply reply) {
                records->submit(std::move(request), std::move(reply));
              },
          .seals = records->seals()};
}

} // namespace chancery::apps
