#include "apps/bench/spaces/redis_load.hpp"

#include "apps/bench/bench_system.hpp"
#include "apps/bench/programs.hpp"
#include "apps/bench/spaces/hand_off.hpp"
#include "apps/bench/spaces/pipeline.hpp"
#include "runtime/node/space_bench.hpp"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <hiredis/hiredis.h>
#include <initializer_list>
#include <memory>

namespace weft::bench {

namespace {

using steady = std::chrono::steady_clock;

constexpr timeval reply_timeout{20, 0};
constexpr const char* list_name = "bench";
/// Distinct values, as weft has distinct tuples.
constexpr std::size_t values_made = pipeline_batches * pipeline_batch;

struct reply_deleter {
  void operator()(redisReply* which) const { freeReplyObject(which); }
};
using redis_reply = std::unique_ptr<redisReply, reply_deleter>;

struct context_deleter {
  void operator()(redisContext* which) const { redisFree(which); }
};

std::string_view text_of(const redisReply& of) {
  return {of.str, of.str != nullptr ? static_cast<std::size_t>(of.len) : 0};
}

/// One connection.
class redis_connection {
public:
  static result<redis_connection> make(std::uint16_t port) {
    redis_connection made;
    made.context_.reset(redisConnectWithTimeout(loopback, port, reply_timeout));
    if (!made.context_ || made.context_->err != 0
        || redisSetTimeout(made.context_.get(), reply_timeout) != REDIS_OK)
      return made.lost();
    return made;
  }

  void append(std::initializer_list<std::string_view> words) {
    std::array<const char*, 4> text{};
    std::array<std::size_t, 4> size{};
    std::size_t count = 0;
    for (const auto word : words) {
      text[count] = word.data();
      size[count++] = word.size();
    }
    redisAppendCommandArgv(context_.get(), static_cast<int>(count), text.data(),
                           size.data());
  }

  /// Sends what was appended.
  result<void> flush() {
    int done = 0;
    while (done == 0)
      if (redisBufferWrite(context_.get(), &done) != REDIS_OK)
        return lost();
    return {};
  }

  /// The next reply; of this type, or it is wrong.
  result<redis_reply> reply(int type) {
    void* got = nullptr;
    if (redisGetReply(context_.get(), &got) != REDIS_OK)
      return lost();
    redis_reply what{static_cast<redisReply*>(got)};
    if (what->type != type)
      return fail(errc::internal,
                  fmt::format("Redis: expected a reply of type {}, got {}: {}",
                              type, what->type, text_of(*what)));
    return what;
  }

  result<redis_reply> command(int type,
                              std::initializer_list<std::string_view> words) {
    append(words);
    return reply(type);
  }

private:
  tl::unexpected<failure> lost() const {
    return fail(errc::io, fmt::format("Redis: {}", context_ ? context_->errstr
                                                            : "no memory"));
  }

  std::unique_ptr<redisContext, context_deleter> context_;
};

std::vector<std::string> make_values() {
  std::vector<std::string> values;
  for (std::size_t i = 0; i < values_made; ++i)
    values.push_back(fmt::format("payload {:08}", i));
  return values;
}

class redis_list {
public:
  explicit redis_list(redis_connection& at) : at_{at} {}

  result<void> push_and_pop_one_by_one(steady::duration time) {
    auto last = steady::now();
    const auto end = last + time;
    for (std::size_t i = 0; last < end; ++i) {
      const std::string_view value = values_[i % values_.size()];
      const auto pushed =
          at_.command(REDIS_REPLY_INTEGER, {"LPUSH", list_name, value});
      if (!pushed)
        return tl::unexpected(pushed.error());
      const auto between = steady::now();
      const auto popped = at_.command(REDIS_REPLY_STRING, {"RPOP", list_name});
      if (!popped)
        return tl::unexpected(popped.error());
      if (text_of(**popped) != value)
        return fail(errc::internal, "Redis: another value than was pushed");
      const auto now = steady::now();
      pushes_.record(between - last);
      pops_.record(now - between);
      last = now;
    }
    return {};
  }

  /// Operations/s.
  result<double> push_and_pop_batches(steady::duration time,
                                      std::size_t batch) {
    const auto begun = steady::now();
    auto now = begun;
    std::size_t count = 0;
    while (now - begun < time) {
      for (const bool push : {true, false}) {
        send_batch(push, 0, batch);
        if (auto done = receive_batch(push, batch); !done)
          return pass_on(done);
      }
      count += 2 * batch;
      now = steady::now();
    }
    const std::chrono::duration<double> spent = now - begun;
    return static_cast<double>(count) / spent.count();
  }

  /// Until `count` commands are answered, each batch sent as soon as the one
  /// before it of the same place is answered.
  result<void> push_and_pop_pipelined(std::uint64_t count) {
    for (std::size_t which = 0; which < pipeline_batches; ++which) {
      send_batch(true, which * pipeline_batch, pipeline_batch);
      if (auto sent = at_.flush(); !sent)
        return sent;
    }
    std::uint64_t answered = 0;
    for (bool push = true;; push = !push) {
      const bool last = !push && answered + pipeline_calls >= count;
      for (std::size_t which = 0; which < pipeline_batches; ++which) {
        if (auto done = receive_batch(push, pipeline_batch); !done)
          return done;
        if (last)
          continue;
        send_batch(!push, which * pipeline_batch, pipeline_batch);
        if (auto sent = at_.flush(); !sent)
          return sent;
      }
      answered += pipeline_calls;
      if (last)
        return {};
    }
  }

  const observe::histogram& pushes() const { return pushes_; }
  const observe::histogram& pops() const { return pops_; }

private:
  static constexpr std::size_t pipeline_calls =
      pipeline_batches * pipeline_batch;

  void send_batch(bool push, std::size_t first, std::size_t batch) {
    for (std::size_t i = first; i < first + batch; ++i)
      if (push)
        at_.append({"LPUSH", list_name, values_[i % values_.size()]});
      else
        at_.append({"RPOP", list_name});
  }

  result<void> receive_batch(bool push, std::size_t batch) {
    for (std::size_t i = 0; i < batch; ++i)
      if (auto got = at_.reply(push ? REDIS_REPLY_INTEGER : REDIS_REPLY_STRING);
          !got)
        return pass_on(got);
    return {};
  }

  redis_connection& at_;
  std::vector<std::string> values_ = make_values();
  observe::histogram pushes_;
  observe::histogram pops_;
};

double median_us(const observe::histogram& of) {
  return percentiles(of).at("p50").get<double>();
}

run_numbers measure_nodes(redis_connection& at, std::uint64_t milliseconds) {
  const steady::duration half = std::chrono::milliseconds{milliseconds} / 2;
  redis_list list{at};
  if (auto done = list.push_and_pop_one_by_one(half); !done)
    return pass_on(done);
  const auto batched =
      list.push_and_pop_batches(half, space_bench_options{}.batch);
  if (!batched)
    return tl::unexpected(batched.error());
  return std::vector{median_us(list.pushes()), median_us(list.pops()),
                     *batched};
}

run_numbers measure_pipelined_nodes(redis_connection& at, std::uint64_t count) {
  redis_list list{at};
  if (auto warm = list.push_and_pop_pipelined(count / 8 + 1); !warm)
    return pass_on(warm);
  const auto begun = steady::now();
  if (auto done = list.push_and_pop_pipelined(count); !done)
    return pass_on(done);
  const std::chrono::duration<double> spent = steady::now() - begun;
  return std::vector{static_cast<double>(count) / spent.count()};
}

hand_off_port port_of(redis_connection& at) {
  return {[&at](const char* list, std::int64_t number) -> result<void> {
            const auto text = std::to_string(number);
            auto done = at.command(REDIS_REPLY_INTEGER, {"RPUSH", list, text});
            if (!done)
              return pass_on(done);
            return {};
          },
          [&at](const char* list) -> result<std::int64_t> {
            auto got = at.command(REDIS_REPLY_ARRAY, {"BLPOP", list, "10"});
            if (!got)
              return pass_on(got);
            // The list and the value.
            const auto text = text_of(*(*got)->element[1]);
            std::int64_t number = -1;
            std::from_chars(text.data(), text.data() + text.size(), number);
            return number;
          }};
}

run_numbers measure_hand_off_nodes(redis_connection& at, std::uint16_t port,
                                   std::uint64_t count) {
  auto other = redis_connection::make(port);
  if (!other)
    return pass_on(other);
  return only(measure_hand_offs(port_of(at), port_of(*other), count));
}

} // namespace

bool has_redis_client() {
  return true;
}

run_numbers measure_redis(std::string_view experiment,
                          const run_settings& how) {
  auto at = redis_connection::make(how.port);
  if (!at)
    return pass_on(at);
  if (experiment == "nodes")
    return measure_nodes(*at, how.size.count);
  if (experiment == "pipelined_nodes")
    return measure_pipelined_nodes(*at, how.size.count);
  if (experiment == "hand_off_nodes")
    return measure_hand_off_nodes(*at, how.port, how.size.count);
  return fail(errc::invalid_argument,
              fmt::format("Redis has no experiment {}", experiment));
}

} // namespace weft::bench
