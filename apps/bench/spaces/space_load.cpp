#include "apps/bench/spaces/space_load.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/mix.hpp"
#include "spaces/space_core.hpp"

#include <array>
#include <chrono>
#include <ctime>
#include <unordered_map>

namespace weft::bench {

namespace {

using spaces::duration;
using spaces::matcher;
using spaces::pattern;
using spaces::pattern_of;
using spaces::space_core;
using spaces::ticket;
using spaces::time_point;
using spaces::timeout_max;
using spaces::tuple;
using spaces::tuple_of;
using spaces::value;
namespace effect = spaces::effect;
namespace match = spaces::match;

constexpr std::array workloads{
    space_workload{"keyed", "take by two fields, write it again"},
    space_workload{"built", "the same, each pattern and tuple made anew"},
    space_workload{"batched", "keyed, 32 takes at once, then 32 writes"},
    space_workload{"bare", "keyed, in a hash table without a space"},
    space_workload{"leased", "the same with a lease on every tuple"},
    space_workload{"fifo", "take the oldest by one field, write a new one"},
    space_workload{"range", "take by a range"},
    space_workload{"shapes", "take by four shapes in turn"},
    space_workload{"handoff", "write for one that waits"},
};

/// Time that this thread had a processor, in seconds: what it would have taken
/// on a processor of its own.
double processor_seconds() {
  timespec spent{};
  WEFT_ASSERT(::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &spent) == 0);
  return static_cast<double>(spent.tv_sec)
         + 1e-9 * static_cast<double>(spent.tv_nsec);
}

class random_numbers {
public:
  explicit random_numbers(std::uint64_t seed) : state_{seed} {}

  std::int64_t below(std::uint64_t limit) {
    return static_cast<std::int64_t>((next_random(state_) >> 32) * limit >> 32);
  }

private:
  std::uint64_t state_;
};

class space_run {
public:
  space_run(std::string_view workload, const space_load& load)
      : workload_{workload}, load_{load}, random_{load.seed},
        core_{{.waiters_max = 2'000'000}, load.seed} {}

  space_figures run() {
    fill();
    const auto pairs = load_.operations / 2;
    repeat(pairs / 8);
    const auto probes = core_.statistics().index.probes;
    const auto begun = processor_seconds();
    repeat(pairs);
    const auto taken = processor_seconds() - begun;
    const auto operations = static_cast<double>(2 * pairs);
    const auto looked =
        static_cast<double>(core_.statistics().index.probes - probes);
    return {operations / taken, taken * 1e9 / operations,
            looked / static_cast<double>(pairs), checksum_};
  }

private:
  static constexpr auto any = match::any{};
  /// Patterns made before; they are read in their order, which is cheap.
  static constexpr std::size_t prepared = 1 << 18;
  static constexpr std::size_t batch = 32;

  tuple job(std::int64_t key) const {
    return tuple_of("job", key, 0.5, "payload");
  }

  void write(std::int64_t key) {
    WEFT_ASSERT(core_.write(job(key), lease_, now_));
  }

  void fill() {
    if (workload_ == "leased")
      lease_ = std::chrono::hours{1};
    for (std::uint64_t i = 0; i < load_.tuples && workload_ != "bare"; ++i)
      write(static_cast<std::int64_t>(i));
    for (std::uint64_t i = 0; i < load_.waiters; ++i)
      wait(static_cast<std::int64_t>(i));
    next_ = load_.tuples;
    if (workload_ == "bare")
      for (std::uint64_t i = 0; i < load_.tuples; ++i)
        bare_.emplace(i, job(static_cast<std::int64_t>(i)));
    for (std::size_t i = 0; i < prepared; ++i)
      patterns_.push_back(
          pattern_of("job", random_.below(load_.tuples), any, any));
  }

  void wait(std::int64_t key) {
    const auto got =
        core_.take(pattern_of("wait", key, any, any),
                   {static_cast<ticket>(key), 1, timeout_max, {}}, now_);
    WEFT_ASSERT(got && !*got);
  }

  void repeat(std::uint64_t pairs) {
    if (workload_ == "handoff")
      return repeat_with(pairs, [this] { hand_off(); });
    if (workload_ == "fifo")
      return repeat_with(pairs, [this] {
        take(pattern_of("job", any, any, any));
        write(static_cast<std::int64_t>(next_++));
      });
    if (workload_ == "range")
      return repeat_with(pairs, [this] { take_range(); });
    if (workload_ == "shapes")
      return repeat_with(pairs, [this] { take_shape(); });
    if (workload_ == "bare")
      return repeat_with(pairs, [this] { take_bare(); });
    if (workload_ == "batched")
      return repeat_with(pairs / batch, [this] { take_batch(); });
    if (workload_ == "built")
      return repeat_with(pairs, [this] {
        const auto key = random_.below(load_.tuples);
        take(pattern_of("job", key, any, any));
        write(key);
      });
    repeat_with(pairs, [this] { take_and_return(); });
  }

  template <class Pair>
  static void repeat_with(std::uint64_t pairs, Pair pair) {
    for (; pairs > 0; --pairs)
      pair();
  }

  std::int64_t take(const pattern& what) {
    const auto got = core_.take(what, {}, now_);
    WEFT_ASSERT(got && *got);
    const auto key = (*got)->found.what[1].as_i64();
    checksum_ = checksum_ * 31 + static_cast<std::uint64_t>(key);
    return key;
  }

  /// One of the patterns that were made before, and the tuple that was taken.
  void take_and_return() {
    const auto& what = patterns_[turn_++ & (prepared - 1)];
    auto got = core_.take(what, {}, now_);
    WEFT_ASSERT(got && *got);
    auto& taken = (*got)->found.what;
    checksum_ = checksum_ * 31 + static_cast<std::uint64_t>(taken[1].as_i64());
    WEFT_ASSERT(core_.write(std::move(taken), lease_, now_));
  }

  /// What nothing can be faster than that finds tuples by a hash: an entry is
  /// looked up, its tuple looked at, and it is removed and inserted again.
  void take_bare() {
    const auto key = random_.below(load_.tuples);
    const auto found = bare_.find(key);
    auto taken = std::move(found->second);
    bare_.erase(found);
    checksum_ = checksum_ * 31 + static_cast<std::uint64_t>(taken[1].as_i64());
    bare_.emplace(key, std::move(taken));
  }

  void take_batch() {
    const auto first = turn_++ * batch & (prepared - 1);
    const std::span<const pattern> patterns{&patterns_[first], batch};
    std::array<const pattern*, batch> ahead;
    for (std::size_t i = 0; i < batch; ++i)
      ahead[i] = &patterns[i];
    core_.prefetch(ahead);
    std::array<tuple, batch> taken;
    for (std::size_t i = 0; i < batch; ++i) {
      auto got = core_.take(patterns[i], {}, now_);
      WEFT_ASSERT(got.has_value());
      if (!*got)
        continue;
      taken[i] = std::move((*got)->found.what);
      checksum_ =
          checksum_ * 31 + static_cast<std::uint64_t>(taken[i][1].as_i64());
    }
    for (auto& each : taken)
      if (each)
        WEFT_ASSERT(core_.write(std::move(each), lease_, now_));
  }

  void take_range() {
    const auto from = random_.below(load_.tuples);
    const std::array<matcher, 4> matchers{
        match::exact{"job"}, match::range{value{from - 50}, value{from + 50}},
        any, any};
    write(take(*pattern::make(matchers)));
  }

  void take_shape() {
    const auto key = random_.below(load_.tuples);
    switch (turn_++ % 4) {
    case 0:
      take(pattern_of("job", key, any, any));
      break;
    case 1:
      take(pattern_of("job", key, 0.5, any));
      break;
    case 2:
      take(pattern_of(any, key, any, any));
      break;
    default:
      take(pattern_of(any, key, any, "payload"));
      break;
    }
    write(key);
  }

  void hand_off() {
    const auto key = random_.below(load_.waiters);
    WEFT_ASSERT(
        core_.write(tuple_of("wait", key, 0.5, "payload"), lease_, now_));
    const auto told = core_.next_effect();
    WEFT_ASSERT(told);
    const auto& answered = std::get<effect::answered>(*told);
    checksum_ = checksum_ * 31 + answered.ticket;
    WEFT_ASSERT(answered.ticket == static_cast<ticket>(key));
    wait(key);
  }

  std::string_view workload_;
  space_load load_;
  random_numbers random_;
  space_core core_;
  std::unordered_map<std::int64_t, tuple> bare_;
  std::vector<pattern> patterns_;
  std::optional<duration> lease_;
  time_point now_{std::chrono::hours{100}};
  std::uint64_t next_ = 0;
  std::uint64_t turn_ = 0;
  std::uint64_t checksum_ = 0;
};

} // namespace

std::span<const space_workload> space_workloads() {
  return workloads;
}

space_figures measure_space(std::string_view workload, const space_load& load) {
  return space_run{workload, load}.run();
}

} // namespace weft::bench
