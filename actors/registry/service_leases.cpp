#include "actors/registry/service_leases.hpp"

#include <algorithm>

namespace weft::actors {

namespace {

service_leases::time part_of(service_leases::time length,
                             std::uint32_t percent) {
  return length / 100 * percent;
}

} // namespace

service_leases::service_leases(const health_rules& rules) : rules_{rules} {}

void service_leases::begin(const std::string& name, time length, time now) {
  const auto made = leases_.try_emplace(name);
  made.first->second.length = length;
  made.first->second.heard_at = now;
  queue(made.first, now);
}

std::optional<service_health>
service_leases::heard(std::string_view name, const service_report& report,
                      time now) {
  const auto found = leases_.find(name);
  if (found == leases_.end())
    return std::nullopt;
  auto& mine = found->second;
  mine.heard_at = now;
  mine.says = report.says;
  count(mine, report);
  mine.health = judge(mine, now);
  queue(found, now);
  return mine.health;
}

void service_leases::end(std::string_view name) {
  const auto found = leases_.find(name);
  if (found == leases_.end())
    return;
  queue_.erase({found->second.due, found->first});
  leases_.erase(found);
}

std::vector<service_leases::change> service_leases::advance(time now) {
  std::vector<change> changes;
  while (!queue_.empty() && queue_.begin()->first <= now) {
    const auto found = leases_.find(queue_.begin()->second);
    auto& mine = found->second;
    if (now - mine.heard_at >= mine.length) {
      changes.push_back({found->first, std::nullopt});
      queue_.erase(queue_.begin());
      leases_.erase(found);
      continue;
    }
    const auto health = judge(mine, now);
    if (health != std::exchange(mine.health, health))
      changes.push_back({found->first, health});
    queue(found, now);
  }
  return changes;
}

std::optional<service_leases::time> service_leases::next_due() const {
  if (queue_.empty())
    return std::nullopt;
  return queue_.begin()->first;
}

void service_leases::count(lease& of, const service_report& report) const {
  const auto errors = std::min(report.errors, report.calls);
  of.window.emplace_back(report.calls, errors);
  of.calls += report.calls;
  of.errors += errors;
  if (of.window.size() <= rules_.window)
    return;
  of.calls -= of.window.front().first;
  of.errors -= of.window.front().second;
  of.window.pop_front();
}

service_health service_leases::by_errors(const lease& of) const {
  if (of.calls < rules_.calls_min)
    return service_health::healthy;
  const auto share =
      static_cast<double>(of.errors) * 100 / static_cast<double>(of.calls);
  if (share >= rules_.errors_unhealthy)
    return service_health::unhealthy;
  return share >= rules_.errors_degraded ? service_health::degraded
                                         : service_health::healthy;
}

service_health service_leases::judge(const lease& of, time now) const {
  const auto silent = now - of.heard_at;
  if (silent >= part_of(of.length, rules_.silent_unhealthy))
    return service_health::unhealthy;
  if (of.says == service_health::starting
      || of.says == service_health::stopping)
    return of.says;
  const auto by_silence = silent >= part_of(of.length, rules_.silent_degraded)
                              ? service_health::degraded
                              : service_health::healthy;
  return std::max({of.says, by_silence, by_errors(of)});
}

service_leases::time service_leases::next_change(const lease& of,
                                                 time now) const {
  for (const auto percent : {rules_.silent_degraded, rules_.silent_unhealthy})
    if (const auto at = of.heard_at + part_of(of.length, percent); at > now)
      return at;
  return of.heard_at + of.length;
}

void service_leases::queue(leases::iterator which, time now) {
  auto& mine = which->second;
  queue_.erase({mine.due, which->first});
  mine.due = next_change(mine, now);
  queue_.emplace(mine.due, which->first);
}

} // namespace weft::actors
