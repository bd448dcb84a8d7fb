// SPDX-License-Identifier: Apache-2.0
// `chancery records seed`: appends reproducible random records.

#include "apps/commands/commands.hpp"
#include "apps/folders/data_folder.hpp"
#include "apps/platform/host_clock.hpp"
#include "apps/platform/signal_watch.hpp"
#include "apps/records/seeded_record.hpp"
#include "apps/terminal/console.hpp"
#include "apps/terminal/figures.hpp"
#include "apps/terminal/progress_line.hpp"

#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>

namespace chancery::apps {

namespace {

int seed(const command_context& context, const seeding& what) {
  require_plausible_clock();
  const auto folder = data_folder::existing(context);
  const auto lock = folder.lock();
  const signal_watch signals;
  auto store = folder.open_store(data_folder::access::write, context.map_size);
  std::atomic<std::uint64_t> done{0};
  try {
    const progress_line progress("seeding", [&] {
      return progress_sample{.done = done, .total = what.count};
    });
    seed_records(store, what, signals.stop(), done);
  } catch (const std::exception& e) {
    throw std::runtime_error(fmt::format(
        "{}; {} of {} records are stored: go on with --count {}",
        one_line(e.what()), done.load(), what.count, what.count - done));
  }
  if (done < what.count)
    throw std::runtime_error(fmt::format(
        "stopped; {} of {} records are stored: go on with --count {}",
        done.load(), what.count, what.count - done));
  const auto records = store.read().record_count();
  if (context.json)
    answer({{"seeded", done.load()},
            {"first", records - done},
            {"records", records}});
  else
    say(fmt::format("seeded {} records; there are {} now", grouped(done),
                    grouped(records)));
  return 0;
}

} // namespace

void add_records_seed(const command_spec& records) {
  const auto what = std::make_shared<seeding>();
  const auto command = records.add(
      "seed", "Appends random records; the same seed gives the same ones",
      "chancery records seed --count 100000 --seed 7");
  command.number("--count", what->count, {1}, "Number of records").required();
  command
      .number("--size", what->size, {0, storage::record_store::record_size_max},
              "Bytes per record")
      .default_text("160");
  command.number("--seed", what->seed, {}, "Seed of the random records")
      .default_text("1");
  command.runs_until_a_signal(seed, what);
}

} // namespace chancery::apps
