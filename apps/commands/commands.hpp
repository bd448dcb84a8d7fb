// SPDX-License-Identifier: Apache-2.0
#pragma once

// One function per command: it adds the command to the command line, with its
// options and its action. Main thread.

#include "apps/options/command_spec.hpp"

namespace chancery::apps {

void add_init(const command_spec& app);
void add_keys(const command_spec& app);
void add_records(const command_spec& app);
void add_sign(const command_spec& app);
void add_status(const command_spec& app);
void add_verify(const command_spec& app);
void add_audit(const command_spec& app);
void add_repair(const command_spec& app);
void add_check(const command_spec& app);
void add_export(const command_spec& app);
void add_upgrade(const command_spec& app);
void add_node(const command_spec& app);
void add_serve(const command_spec& app);
void add_page(const command_spec& app);
void add_token(const command_spec& app);
void add_chain(const command_spec& app);
void add_client(const command_spec& app);
void add_cluster(const command_spec& app);
void add_worker(const command_spec& app);
void add_simulate(const command_spec& app);

// Subcommands of the above that have their own files.
void add_keys_list(const command_spec& keys);
void add_keys_add(const command_spec& keys);
void add_keys_retire(const command_spec& keys);
void add_keys_passphrase(const command_spec& keys);
void add_keys_import(const command_spec& keys);
void add_keys_export(const command_spec& keys);
void add_keys_bundle(const command_spec& keys);
void add_keys_csr(const command_spec& keys);
void add_keys_certificates(const command_spec& keys);
void add_keys_crl(const command_spec& keys);
void add_keys_ca(const command_spec& keys);
void add_keys_ca_lists(const command_spec& ca);
void add_records_seed(const command_spec& records);
void add_records_import(const command_spec& records);
void add_chain_proof(const command_spec& chain);
void add_chain_verify(const command_spec& chain);
void add_simulate_ledger(const command_spec& simulate);
void add_simulate_http(const command_spec& simulate);
void add_simulate_cluster(const command_spec& simulate);
void add_cluster_init(const command_spec& cluster);
void add_cluster_issue(const command_spec& cluster);
void add_cluster_show(const command_spec& cluster);

} // namespace chancery::apps
