#include "apps/bench/children.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <cstring>
#include <string_view>
#include <utility>

namespace weft::bench {

namespace {

constexpr std::size_t output_bytes_max = 64 * 1024;
constexpr std::size_t shown_bytes_max = 500;
constexpr std::chrono::milliseconds look_interval{10};

void append(std::string& to, std::string_view piece) {
  to.append(piece.substr(0, output_bytes_max - to.size()));
}

} // namespace

children::children() : signals_{context_} {
  for (const int number : {SIGINT, SIGTERM, SIGHUP})
    signals_.add(number);
  signals_.async_wait([this](const auto& error, int number) {
    if (!error)
      interrupted_by_ = std::string{"SIG"} + ::sigabbrev_np(number);
  });
}

result<std::unique_ptr<child>> children::start(std::string name,
                                               const launcher::command& what) {
  auto made = std::make_unique<child>();
  made->name_ = std::move(name);
  auto process = launcher::child_process::spawn(
      context_, what,
      {[to = made.get()](std::string_view piece) {
         append(to->output_, piece);
       },
       [to = made.get()](launcher::exit_status how) { to->ended_ = how; }});
  if (!process)
    return pass_on(process);
  made->process_ = std::move(*process);
  return made;
}

failure children::ended_badly(const child& of) const {
  auto said = trim(of.output_);
  if (said.size() > shown_bytes_max)
    said = said.substr(said.size() - shown_bytes_max);
  return {errc::internal,
          fmt::format("{} ended with {} and said: {}", of.name_,
                      to_string(*of.ended_), said.empty() ? "nothing" : said)};
}

result<void> children::wait(child& of, std::chrono::nanoseconds limit,
                            const std::function<bool()>& reached) {
  const auto deadline = std::chrono::steady_clock::now() + limit;
  while (!reached()) {
    if (!interrupted_by_.empty())
      return fail(errc::cancelled,
                  fmt::format("interrupted by {}; nothing is left running",
                              interrupted_by_));
    if (of.ended_)
      return tl::unexpected(ended_badly(of));
    if (std::chrono::steady_clock::now() >= deadline)
      return fail(errc::timed_out,
                  fmt::format("{} was not done within {} and was killed; run "
                              "it again on a quiet machine, or with --smoke",
                              of.name_, format_duration(limit)));
    context_.run_one_for(look_interval);
  }
  return {};
}

result<std::string> children::run(std::string name,
                                  const launcher::command& what,
                                  std::chrono::nanoseconds limit) {
  auto made = start(std::move(name), what);
  if (!made)
    return pass_on(made);
  auto& running = **made;
  const auto done = [&] { return running.ended_ && running.ended_->success(); };
  if (auto waited = wait(running, limit, done); !waited)
    return pass_on(waited);
  return std::move(running.output_);
}

} // namespace weft::bench
