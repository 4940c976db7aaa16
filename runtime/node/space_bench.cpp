#include "runtime/node/space_bench.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft {

namespace {

using namespace std::chrono_literals;
using clock = std::chrono::steady_clock;

constexpr auto bench_lease = 1min;
/// Distinct tuples; they are used again once they have been taken.
constexpr std::size_t jobs_made = 1024;
/// Keys, so that the tuples belong to many shards.
constexpr std::int64_t keys_made = 64;

/// Where the number and where the key is.
struct bench_form {
  std::size_t arity = 4;
  std::size_t number = 1;
  std::size_t key = 0;
};

bench_form form_of(const config::space_options& of) {
  bench_form form;
  for (const auto field : of.routing)
    form.arity = std::max<std::size_t>(form.arity, field + 1);
  if (of.route_by == config::space_routing::number) {
    form.number = of.routing.front();
    form.key = form.number == 0 ? 1 : 0;
  }
  return form;
}

double per_second(std::uint64_t count, clock::duration spent) {
  return static_cast<double>(count)
         / std::chrono::duration<double>(spent).count();
}

tl::unexpected<failure> not_there() {
  return fail(errc::not_found,
              "a tuple of the bench was gone: somebody takes tuples of any "
              "form, or a shard was lost");
}

class bench_run {
public:
  bench_run(space where, const config::space_options& of,
            const space_bench_options& how)
      : where_{std::move(where)}, of_{of}, how_{how} {
    for (std::size_t i = 0; i < std::max(jobs_made, how_.batch); ++i)
      jobs_.push_back(
          make_bench_job(of_, how_.key, static_cast<std::int64_t>(i)));
  }

  result<nlohmann::json> run() {
    auto single = one_by_one();
    auto batched = single ? in_batches() : single;
    const auto cleaned = clean();
    if (!batched)
      return batched;
    if (!cleaned)
      return tl::unexpected(cleaned.error());
    return nlohmann::json{{"single", *single}, {"batched", *batched}};
  }

private:
  result<nlohmann::json> one_by_one() {
    observe::histogram writes;
    observe::histogram takes;
    const auto begun = clock::now();
    auto last = begun;
    for (std::size_t i = 0; last - begun < how_.time / 2; ++i) {
      const auto& job = jobs_[i % jobs_.size()];
      if (auto done = where_.write(job.what, bench_lease); !done)
        return tl::unexpected(done.error());
      const auto written = clock::now();
      const auto got = where_.take_if(job.with);
      if (!got)
        return tl::unexpected(got.error());
      if (!*got)
        return not_there();
      const auto taken = clock::now();
      writes.record(written - last);
      takes.record(taken - written);
      last = taken;
    }
    const auto count = writes.count() + takes.count();
    return nlohmann::json{{"operations", count},
                          {"per_second", per_second(count, last - begun)},
                          {"write_us", percentiles(writes)},
                          {"take_us", percentiles(takes)}};
  }

  result<nlohmann::json> in_batches() {
    const auto begun = clock::now();
    std::size_t count = 0;
    for (std::size_t at = 0; clock::now() - begun < how_.time / 2;
         at = (at + how_.batch) % jobs_.size()) {
      if (auto done = one_batch(at); !done)
        return tl::unexpected(done.error());
      count += 2 * how_.batch;
    }
    return nlohmann::json{
        {"batch", how_.batch},
        {"operations", count},
        {"per_second", per_second(count, clock::now() - begun)}};
  }

  result<void> one_batch(std::size_t first) {
    std::vector<actors::space_request> writes;
    std::vector<actors::space_request> takes;
    for (std::size_t i = first; i < first + how_.batch; ++i) {
      const auto& job = jobs_[i % jobs_.size()];
      spaces::call::write write;
      write.tuples.push_back({job.what, bench_lease});
      writes.push_back({std::move(write), {}});
      takes.push_back({spaces::call::take{job.with, 0s, {}}, {}});
    }
    for (auto& each : where_.perform_all(std::move(writes)))
      if (auto* why = std::get_if<failure>(&each.what))
        return tl::unexpected(std::move(*why));
    for (auto& each : where_.perform_all(std::move(takes))) {
      if (auto* why = std::get_if<failure>(&each.what))
        return tl::unexpected(std::move(*why));
      const auto* found = std::get_if<spaces::reply::found>(&each.what);
      if (!found || found->tuples.empty())
        return not_there();
    }
    return {};
  }

  /// Whatever a failure has left.
  result<void> clean() const {
    const auto form = form_of(of_);
    std::vector<spaces::matcher> matchers(form.arity, spaces::match::any{});
    matchers[form.key] = spaces::match::prefix{how_.key};
    const auto all = spaces::pattern::make(matchers);
    if (!all)
      return tl::unexpected(all.error());
    while (true) {
      const auto got = where_.take_all(*all);
      if (!got)
        return tl::unexpected(got.error());
      if (got->empty())
        return {};
    }
  }

  space where_;
  const config::space_options& of_;
  const space_bench_options& how_;
  std::vector<bench_job> jobs_;
};

} // namespace

bench_job make_bench_job(const config::space_options& of,
                         const std::string& key, std::int64_t i) {
  const auto form = form_of(of);
  std::vector<spaces::value> fields;
  std::vector<spaces::matcher> matchers;
  for (std::size_t at = 0; at < form.arity; ++at) {
    if (at == form.key)
      fields.emplace_back(fmt::format("{}/{}", key, i % keys_made));
    else if (at == form.number)
      fields.emplace_back(i);
    else if (at + 1 == form.arity)
      fields.emplace_back(fmt::format("payload {:08}", i));
    else
      fields.emplace_back(static_cast<double>(i) / 2);
    if (at == form.key || at == form.number
        || std::ranges::count(of.routing, at) > 0)
      matchers.emplace_back(spaces::match::exact{fields.back()});
    else
      matchers.emplace_back(spaces::match::any{});
  }
  auto what = spaces::tuple::make(std::span<const spaces::value>{fields});
  auto with = spaces::pattern::make(matchers);
  WEFT_ASSERT(what && with);
  return {*std::move(what), *std::move(with)};
}

nlohmann::json percentiles(const observe::histogram& of) {
  const auto at = [&](double share) {
    return static_cast<double>(of.at_quantile(share)) / 1000;
  };
  return {{"p50", at(0.5)},
          {"p90", at(0.9)},
          {"p99", at(0.99)},
          {"p999", at(0.999)},
          {"max", at(1)}};
}

result<nlohmann::json> run_space_bench(const space& where,
                                       const config::space_options& of,
                                       const space_bench_options& how) {
  return bench_run{where, of, how}.run();
}

} // namespace weft
