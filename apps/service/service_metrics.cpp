// SPDX-License-Identifier: Apache-2.0
#include "apps/service/service_metrics.hpp"

#include "apps/service/process_figures.hpp"

#include <prometheus/collectable.h>
#include <prometheus/metric_family.h>
#include <prometheus/text_serializer.h>

#include <filesystem>
#include <limits>
#include <optional>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

namespace chancery::apps {

namespace {

using prometheus::ClientMetric;
using prometheus::MetricFamily;
using prometheus::MetricType;
using labels = std::vector<ClientMetric::Label>;

/// Families in the order in which they are added.
class family_list {
 public:
  /// Begins a family; what follows goes into it.
  void begin(std::string_view name, std::string_view help, MetricType type) {
    MetricFamily family;
    family.name = name;
    family.help = help;
    family.type = type;
    families_.push_back(std::move(family));
  }

  void add(double value, labels with = {}) {
    ClientMetric metric;
    metric.label = std::move(with);
    if (families_.back().type == MetricType::Counter)
      metric.counter.value = value;
    else
      metric.gauge.value = value;
    families_.back().metric.push_back(std::move(metric));
  }
  void add(std::uint64_t value, labels with = {}) {
    add(static_cast<double>(value), std::move(with));
  }
  void add(ClientMetric metric) {
    families_.back().metric.push_back(std::move(metric));
  }

  /// A family of one value.
  template <class number>
  void counter(std::string_view name, std::string_view help, number value) {
    begin(name, help, MetricType::Counter);
    add(value);
  }
  template <class number>
  void gauge(std::string_view name, std::string_view help, number value) {
    begin(name, help, MetricType::Gauge);
    add(value);
  }

  std::vector<MetricFamily> take() { return std::move(families_); }

 private:
  std::vector<MetricFamily> families_;
};

ClientMetric histogram_of(const std::string& route, const answer_times& times) {
  ClientMetric metric;
  metric.label = {{"route", route}};
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < times.answers.size(); ++i) {
    sum += times.answers[i];
    metric.histogram.bucket.push_back(
        {sum, i < answer_times::bounds.size()
                  ? answer_times::bounds[i]
                  : std::numeric_limits<double>::infinity()});
  }
  metric.histogram.sample_count = sum;
  metric.histogram.sample_sum = times.seconds;
  return metric;
}

ClientMetric waits_of(const signing_counts::figures& counts) {
  ClientMetric metric;
  std::uint64_t sum = 0;
  for (std::size_t i = 0; i < counts.waits.size(); ++i) {
    sum += counts.waits[i];
    metric.histogram.bucket.push_back(
        {sum, i < signing_counts::bounds.size()
                  ? signing_counts::bounds[i]
                  : std::numeric_limits<double>::infinity()});
  }
  metric.histogram.sample_count = sum;
  metric.histogram.sample_sum = counts.waited_seconds;
  return metric;
}

class service_figures : public prometheus::Collectable {
 public:
  explicit service_figures(const measured_service& service)
      : service_(service) {}

  std::vector<MetricFamily> Collect() const override {
    family_list list;
    list.begin("chancery_build_info", "The version; its value is always 1",
               MetricType::Gauge);
    list.add(1.0, {{"version", service_.version}});
    if (service_.requests != nullptr) {
      collect_requests(list);
      collect_connections(list);
      if (service_.ledger)
        collect_messages(list);
      collect_process(list);
    }
    if (service_.store != nullptr)
      collect_chain(list);
    collect_records(list);
    if (service_.signing != nullptr)
      collect_signing(list, *service_.signing);
    collect_disk(list);
    return list.take();
  }

 private:
  void collect_requests(family_list& list) const {
    list.begin("chancery_http_requests_total", "Requests that were answered",
               MetricType::Counter);
    for (const auto& [kind, count] : service_.requests->requests()) {
      const auto& [route, method, status] = kind;
      list.add(count, {{"route", route},
                       {"method", method},
                       {"status", std::to_string(status)}});
    }
    list.begin("chancery_http_request_duration_seconds",
               "From a request's last byte to its answer",
               MetricType::Histogram);
    for (const auto& [route, times] : service_.requests->times())
      list.add(histogram_of(route, times));
  }

  void collect_connections(family_list& list) const {
    const auto http = service_.http();
    list.gauge("chancery_http_connections", "Open connections",
               http.connections);
    list.counter("chancery_http_accepted_total", "Connections that came",
                 http.accepted);
    list.gauge("chancery_http_under_way", "Requests whose answer is owed",
               http.under_way);
    list.gauge("chancery_http_streams", "Answers that go on being sent",
               http.streams);
    list.gauge("chancery_http_body_bytes", "Bytes of bodies in memory",
               http.body_bytes);
    list.gauge("chancery_http_answer_bytes",
               "Bytes of answers that wait for their readers",
               http.answer_bytes);
    list.begin("chancery_http_refused_total",
               "Connections that were closed without an answer",
               MetricType::Counter);
    for (const auto& [reason, count] : http.closed)
      list.add(count, {{"reason", reason}});
    if (http.certificate_end)
      list.gauge("chancery_tls_certificate_not_after_timestamp_seconds",
                 "When the server's certificate ends",
                 static_cast<double>(*http.certificate_end));
    list.counter("chancery_log_lines_dropped_total",
                 "Lines of the log that gave way to younger ones",
                 service_.log_lines_dropped());
  }

  void collect_messages(family_list& list) const {
    const auto ledger = service_.ledger();
    list.counter("chancery_messages_total",
                 "Messages that were accepted since the start",
                 ledger.accepted);
    list.counter("chancery_messages_repeated_total",
                 "Messages that came again, and got their first receipt",
                 ledger.repeated);
    list.counter("chancery_clients_registered_total",
                 "Clients that were registered since the start",
                 ledger.registered);
    list.begin("chancery_messages_refused_total", "Messages that were refused",
               MetricType::Counter);
    for (const auto& [code, count] : ledger.refused)
      list.add(count, {{"code", std::string(crypto::to_text(code))}});
  }

  void collect_chain(family_list& list) const {
    const auto view = service_.store->read();
    const auto blocks = view.block_count();
    const auto messages = view.message_count();
    list.counter("chancery_blocks_total", "Blocks in the ledger", blocks);
    list.gauge("chancery_messages", "Messages in the ledger", messages);
    list.gauge("chancery_messages_pending", "Messages in no block yet",
               messages - blocks * service_.store->info().block_size);
  }

  void collect_records(family_list& list) const {
    std::uint64_t records = 0;
    std::uint64_t signatures = 0;
    if (const auto store = service_.folder->records()) {
      const auto view = store->read();
      records = view.record_count();
      signatures = view.signature_count();
    }
    list.counter("chancery_records_received_total", "Records in the store",
                 records);
    list.counter("chancery_records_signed_total", "Records with a signature",
                 signatures);
    list.gauge("chancery_records_unsigned", "Records without a signature",
               records - signatures);
    std::uint64_t active = 0;
    std::uint64_t retired = 0;
    if (const auto keys = service_.folder->keys())
      for (const auto& key : keys->keys)
        ++(key.state == crypto::key_state::active ? active : retired);
    list.begin("chancery_keys", "Keys of the keyring", MetricType::Gauge);
    list.add(active, {{"state", "active"}});
    list.add(retired, {{"state", "retired"}});
  }

  static void collect_signing(family_list& list,
                              const record_service& signing) {
    const auto& progress = signing.progress();
    list.gauge("chancery_oldest_unsigned_seconds",
               "Age of the oldest record without a signature",
               signing.oldest_unsigned_seconds().value_or(0));
    list.gauge("chancery_keys_out", "Keys that are lent",
               progress.keys_out.load());
    if (const auto end = signing.ends_ms(); end != 0)
      list.gauge("chancery_epoch_end_timestamp_seconds",
                 "When signing goes on without the key whose certificate ends "
                 "first",
                 static_cast<double>(end) / 1e3);
    list.gauge("chancery_lacks_certificate",
               "1 while nothing is sealed, as no key has a valid certificate",
               std::uint64_t{signing.lacks_certificate() ? 1u : 0u});
    list.gauge("chancery_workers", "Workers of other hosts that are connected",
               std::uint64_t{progress.workers.rows().size()});
    list.counter("chancery_leases_lost_total",
                 "Leases that ended by death or expiry",
                 progress.leases_lost.load());
    list.counter("chancery_late_results_total",
                 "Batches that were refused, as their lease had ended",
                 progress.late_results.load());
    list.counter("chancery_conflicts_total",
                 "Batches that were refused, as a record was signed already",
                 progress.conflicts.load());
    list.begin("chancery_commits_total", "Commits", MetricType::Counter);
    list.add(progress.commits.load(), {{"store", "records"}});
    const auto counts = signing.counts().read();
    list.begin("chancery_batches_total",
               "Batches on disk, by why they have their size",
               MetricType::Counter);
    for (const auto& [reason, name] :
         {std::pair(storage::short_reason::full, "full"),
          std::pair(storage::short_reason::gap, "gap"),
          std::pair(storage::short_reason::waited, "waited")})
      list.add(counts.batches.at(static_cast<std::size_t>(reason)),
               {{"reason", name}});
    list.begin("chancery_record_signing_duration_seconds",
               "From the oldest record of a batch to its signature on disk",
               MetricType::Histogram);
    list.add(waits_of(counts));
  }

  void collect_disk(family_list& list) const {
    list.begin("chancery_database_bytes", "Bytes of the database's file",
               MetricType::Gauge);
    if (service_.store != nullptr)
      list.add(service_.store->file_bytes(), {{"store", "ledger"}});
    if (const auto records = service_.folder->records())
      list.add(records->file_bytes(), {{"store", "records"}});
    std::error_code error;
    const auto disk =
        std::filesystem::space(service_.folder->folder().root(), error);
    if (!error)
      list.gauge("chancery_disk_free_bytes", "Free where the data folder is",
                 std::uint64_t{disk.available});
  }

  static void collect_process(family_list& list) {
    const auto process = read_process_figures();
    if (!process)
      return;
    list.counter("process_cpu_seconds_total", "User and system time",
                 process->cpu_seconds);
    list.gauge("process_resident_memory_bytes", "Memory in use",
               process->resident_bytes);
    list.gauge("process_virtual_memory_bytes", "Address space in use",
               process->virtual_bytes);
    list.gauge("process_threads", "Threads", process->threads);
    list.gauge("process_open_fds", "Open descriptors",
               process->open_descriptors);
    list.gauge("process_max_fds", "Descriptors that may be open",
               process->descriptors_max);
    list.gauge("process_start_time_seconds", "When it started, since 1970",
               process->start);
  }

  const measured_service& service_;
};

} // namespace

std::string metrics_text(const measured_service& service) {
  const prometheus::TextSerializer serializer;
  const prometheus::Serializer& text = serializer;
  return text.Serialize(service_figures(service).Collect());
}

} // namespace chancery::apps
