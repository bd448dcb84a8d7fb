// SPDX-License-Identifier: Apache-2.0
// `chancery records`, `records count` and `records get`.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "crypto/base/base64url.hpp"
#include "crypto/base/bytes.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

int count_records(const command_context& context) {
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

int get_record(const command_context& context, std::uint64_t id) {
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

void add_records(const command_spec& app) {
  const auto records =
      app.add("records", "Adds and shows records", "chancery records count");
  records.needs_subcommand();
  add_records_seed(records);
  add_records_import(records);

  const auto counting = records.add("count", "Prints the number of records",
                                    "chancery records count --json");
  counting.runs(count_records);

  const auto id = std::make_shared<std::uint64_t>(0);
  const auto getting =
      records.add("get", "Writes the bytes of one record to standard output",
                  "chancery records get 17 > record-17");
  getting.number("ID", *id, {}, "The record's number, from 0").required();
  getting.runs(get_record, id);
}

} // namespace chancery::apps
