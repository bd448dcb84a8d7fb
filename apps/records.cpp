// SPDX-License-Identifier: Apache-2.0
// `chancery records`, `records count` and `records get`.

#include "apps/commands.hpp"
#include "apps/console.hpp"
#include "apps/data_folder.hpp"
#include "apps/figures.hpp"
#include "apps/number_option.hpp"
#include "crypto/base64url.hpp"
#include "crypto/bytes.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

int count(const command_context& context) {
  const auto folder = data_folder::existing(context);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto records = store.read().record_count();
  if (context.json)
    answer({{"records", records}});
  else
    say(std::to_string(records));
  return 0;
}

int get(const command_context& context, std::uint64_t id) {
  const auto folder = data_folder::existing(context);
  const auto store =
      folder.open_store(data_folder::access::read, context.map_size);
  const auto view = store.read();
  const auto record = view.record(id);
  if (!record)
    throw std::runtime_error(
        fmt::format("there is no record {}: {} has {}, with ids from 0", id,
                    folder.root().string(), grouped(view.record_count())));
  if (context.json)
    answer({{"record", id},
            {"size", record->size()},
            {"data", crypto::base64url_encode(*record)},
            {"signed", view.signature(id).has_value()}});
  else
    put(crypto::text_of(*record));
  return 0;
}

} // namespace

void add_records(CLI::App& app, command_context& context) {
  auto* records =
      app.add_subcommand("records", "Puts records in and shows them");
  records->require_subcommand(1);
  records->footer(help_footer("chancery records count"));
  add_records_seed(*records, context);
  add_records_import(*records, context);

  auto* counting = records->add_subcommand("count", "How many there are");
  counting->footer(help_footer("chancery records count --json"));
  counting->callback(
      [&context] { context.action = [&context] { return count(context); }; });

  const auto id = std::make_shared<std::uint64_t>(0);
  auto* getting = records->add_subcommand(
      "get", "Writes one record's bytes to standard output, as they are");
  getting->footer(help_footer("chancery records get 17 > record-17"));
  add_number(*getting, "ID", *id, {}, "The record's number, from 0")
      ->required();
  getting->callback([&context, id] {
    context.action = [&context, id] { return get(context, *id); };
  });
}

} // namespace chancery::apps
