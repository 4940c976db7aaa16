#include "runtime/supervision/policy.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <array>

namespace weft::supervision {

namespace {

constexpr std::array restart_names = {std::string_view{"permanent"},
                                      std::string_view{"transient"},
                                      std::string_view{"temporary"}};

tl::unexpected<failure> refuse(std::string_view field,
                               std::string_view expected,
                               std::string_view got) {
  return fail(errc::invalid_argument,
              fmt::format("{}: expected {}, got {}", field, expected, got));
}

result<void> check_backoff(const backoff_policy& backoff) {
  if (backoff.first < duration::zero())
    return refuse("backoff.first", "0 or more", format_duration(backoff.first));
  if (backoff.max < backoff.first)
    return refuse("backoff.max",
                  "at least backoff.first, " + format_duration(backoff.first),
                  format_duration(backoff.max));
  if (!(backoff.factor >= 1 && backoff.factor <= 1000))
    return refuse("backoff.factor", "1 to 1000",
                  fmt::to_string(backoff.factor));
  if (!(backoff.jitter >= 0 && backoff.jitter <= 1))
    return refuse("backoff.jitter", "0 to 1", fmt::to_string(backoff.jitter));
  return {};
}

} // namespace

result<void> check(const supervisor_policy& policy) {
  if (policy.intensity > supervisor_policy::intensity_max)
    return refuse("intensity",
                  fmt::format("at most {}", supervisor_policy::intensity_max),
                  fmt::to_string(policy.intensity));
  if (policy.period <= duration::zero())
    return refuse("period", "more than 0", format_duration(policy.period));
  if (policy.kill_timeout <= duration::zero())
    return refuse("kill_timeout", "more than 0",
                  format_duration(policy.kill_timeout));
  return check_backoff(policy.backoff);
}

result<void> check(const child_policy& child, const supervisor_policy& above) {
  if (!is_name(child.id))
    return refuse("child id", "1 to 64 characters of [A-Za-z0-9_.-]",
                  "\"" + child.id + "\"");
  if (child.start_timeout <= duration::zero())
    return refuse("child " + child.id + ": start_timeout", "more than 0",
                  format_duration(child.start_timeout));
  if (child.shutdown.kind == shutdown_policy::how::timed
      && child.shutdown.timeout < duration::zero())
    return refuse("child " + child.id + ": shutdown", "0 or more",
                  format_duration(child.shutdown.timeout));
  if (!child.significant)
    return {};
  if (above.auto_shutdown == auto_shutdown::never)
    return refuse("child " + child.id + ": significant",
                  "false below a supervisor whose auto_shutdown is never",
                  "true");
  if (child.restart == restart_kind::permanent)
    return refuse("child " + child.id + ": significant",
                  "false for a permanent child, which never stays ended",
                  "true");
  return {};
}

std::string_view to_string(strategy value) noexcept {
  switch (value) {
  case strategy::one_for_one:
    return "one_for_one";
  case strategy::one_for_all:
    return "one_for_all";
  case strategy::rest_for_one:
    return "rest_for_one";
  case strategy::simple_one_for_one:
    return "simple_one_for_one";
  }
  return "unknown";
}

std::string_view to_string(restart_kind value) noexcept {
  const auto index = static_cast<std::size_t>(value);
  return index < restart_names.size() ? restart_names[index] : "unknown";
}

std::string_view to_string(auto_shutdown value) noexcept {
  switch (value) {
  case auto_shutdown::never:
    return "never";
  case auto_shutdown::any_significant:
    return "any_significant";
  case auto_shutdown::all_significant:
    return "all_significant";
  }
  return "unknown";
}

std::string_view to_string(child_kind value) noexcept {
  switch (value) {
  case child_kind::worker:
    return "worker";
  case child_kind::supervisor:
    return "supervisor";
  case child_kind::node:
    return "node";
  }
  return "unknown";
}

result<restart_kind> parse_restart_kind(std::string_view text) {
  for (std::size_t i = 0; i < restart_names.size(); ++i)
    if (restart_names[i] == text)
      return static_cast<restart_kind>(i);
  return refuse("restart", "permanent, transient or temporary",
                fmt::format("\"{}\"", text));
}

} // namespace weft::supervision
