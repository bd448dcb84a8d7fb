// SPDX-License-Identifier: Apache-2.0
#include "apps/commands/serve_ledger.hpp"

#include <utility>

namespace chancery::apps {

serve_ledger::serve_ledger(const command_context& context,
                           const node_choice& choice)
    : options_(node_options(choice, "--ledger")),
      ledger_(ledger_folder(context.data)
                  .open_for_node(context, choice.blocks_of())),
      node_(ledger_.store, ledger_.identity, options_) {
  note_node_start(ledger_, node_, options_);
}

served_ledger serve_ledger::served(const service_config& config) {
  return {.store = &ledger_.store,
          .node = ledger_.identity.id(),
          .signing = ledger_.identity.signing.public_half(),
          .keys = node_.keys(),
          .software = "chancery " CHANCERY_VERSION,
          .submit =
              [this](std::string text,
                     std::function<void(actors::ledger_answer)> answer) {
                messages_.asked();
                node_.submit(std::move(text),
                             [this, answer = std::move(answer)](
                                 actors::ledger_answer given) {
                               messages_.answered();
                               answer(std::move(given));
                             });
              },
          .registration = registration_scope(config),
          .tokens_for_all = config.private_ledger};
}

health_check serve_ledger::works() const {
  return {"node", [this] { return node_.failure(); }};
}

bool serve_ledger::has_room() const {
  return ledger_.store.room() >= options_.disk_reserve;
}

} // namespace chancery::apps
