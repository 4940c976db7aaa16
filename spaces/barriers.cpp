#include "spaces/barriers.hpp"

#include "spaces/checks.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>

namespace weft::spaces {

namespace {

constexpr std::array<std::string_view, 5> operation_names{"sum", "min", "max",
                                                          "and", "or"};

bool is_logical(reduce_operation operation) {
  return operation == reduce_operation::logical_and
         || operation == reduce_operation::logical_or;
}

/// Of an array; others have none.
std::size_t length_of(const value& what) {
  const auto* array = std::get_if<f64_array>(&what.is);
  return array ? array->size() : 0;
}

result<void> check(const arrival& who) {
  if (auto valid = check_name(who.name, "barrier"); !valid)
    return valid;
  if (auto valid = check_name(who.participant, "participant"); !valid)
    return valid;
  if (who.parties == 0 || who.parties > parties_max)
    return fail(errc::invalid_argument,
                fmt::format("a barrier has 1 to {} participants; got {}",
                            parties_max, who.parties));
  if (!who.operation)
    return {};
  const auto type = who.contribution.type();
  const bool fits = is_logical(*who.operation)
                        ? type == field_type::boolean
                        : type == field_type::i64 || type == field_type::f64
                              || type == field_type::f64_array;
  if (!fits)
    return fail(errc::invalid_argument,
                fmt::format("expected {} for the operation {}, got {}",
                            is_logical(*who.operation)
                                ? "bool"
                                : "i64, f64 or an array of f64",
                            to_string(*who.operation), to_string(type)));
  if (const auto length = length_of(who.contribution);
      length > reduce_elements_max)
    return fail(errc::invalid_argument,
                fmt::format("expected at most {} elements to reduce, got {}",
                            reduce_elements_max, length));
  return {};
}

std::int64_t combine(reduce_operation operation, std::int64_t a,
                     std::int64_t b) {
  if (operation == reduce_operation::min)
    return std::min(a, b);
  if (operation == reduce_operation::max)
    return std::max(a, b);
  return static_cast<std::int64_t>(static_cast<std::uint64_t>(a)
                                   + static_cast<std::uint64_t>(b));
}

double combine(reduce_operation operation, double a, double b) {
  if (operation == reduce_operation::sum)
    return a + b;
  if (std::isnan(a) || std::isnan(b))
    return std::isnan(a) ? a : b;
  return operation == reduce_operation::min ? std::min(a, b) : std::max(a, b);
}

f64_array combine(reduce_operation operation, const f64_array& a,
                  const f64_array& b) {
  f64_array all(a.size());
  for (std::size_t at = 0; at < all.size(); ++at)
    all[at] = combine(operation, a[at], b[at]);
  return all;
}

value combine(reduce_operation operation, const value& a, const value& b) {
  if (const auto* whole = std::get_if<std::int64_t>(&a.is))
    return combine(operation, *whole, std::get<std::int64_t>(b.is));
  if (const auto* number = std::get_if<double>(&a.is))
    return combine(operation, *number, std::get<double>(b.is));
  if (const auto* array = std::get_if<f64_array>(&a.is))
    return combine(operation, *array, std::get<f64_array>(b.is));
  const bool first = std::get<bool>(a.is);
  const bool second = std::get<bool>(b.is);
  return operation == reduce_operation::logical_and ? first && second
                                                    : first || second;
}

} // namespace

std::string_view to_string(reduce_operation operation) noexcept {
  return operation_names[static_cast<std::size_t>(operation)];
}

result<barriers::barrier_map::iterator>
barriers::find_or_add(const std::string& name) {
  if (const auto found = barriers_.find(name); found != barriers_.end())
    return found;
  if (barriers_.size() >= barriers_max_) {
    if (idle_.empty())
      return fail(errc::exhausted,
                  fmt::format("{} barriers are in use; a space has no more",
                              barriers_max_));
    barriers_.erase(idle_.front());
    idle_.pop_front();
  }
  return barriers_.emplace(name, barrier{}).first;
}

result<void> barriers::check_same(const barrier& at, const arrival& who) {
  if (at.arrived.contains(who.participant))
    return fail(errc::already_exists,
                fmt::format("{} waits at the barrier {} already",
                            who.participant, who.name));
  if (at.arrived.empty())
    return {};
  const auto& other = at.arrived.begin()->second.contribution;
  const bool same =
      at.parties == who.parties && at.operation == who.operation
      && (!who.operation
          || (other.type() == who.contribution.type()
              && length_of(other) == length_of(who.contribution)));
  if (same)
    return {};
  const auto named = [](const auto& operation) {
    return operation ? to_string(*operation) : std::string_view{"no operation"};
  };
  return fail(errc::invalid_argument,
              fmt::format("the barrier {} gathers {} participants with {} of "
                          "{}; {} came for {} with {} of {}",
                          who.name, at.parties, named(at.operation),
                          to_string(other.type()), who.participant, who.parties,
                          named(who.operation),
                          to_string(who.contribution.type())));
}

result<void> barriers::arrive(arrival who, std::deque<space_effect>& effects) {
  if (auto valid = check(who); !valid)
    return valid;
  auto found = find_or_add(who.name);
  if (!found)
    return pass_on(found);
  auto& at = (*found)->second;
  if (auto same = check_same(at, who); !same)
    return same;
  if (at.idle) {
    idle_.erase(*at.idle);
    at.idle.reset();
  }
  at.parties = who.parties;
  at.operation = who.operation;
  where_[who.ticket] = {who.name, who.participant};
  at.arrived[std::move(who.participant)] = {who.ticket,
                                            std::move(who.contribution)};
  if (at.arrived.size() == at.parties)
    complete(*found, effects);
  return {};
}

void barriers::complete(barrier_map::iterator which,
                        std::deque<space_effect>& effects) {
  auto& at = which->second;
  std::optional<value> outcome;
  for (const auto& [name, one] : at.arrived)
    if (at.operation)
      outcome = outcome ? combine(*at.operation, *outcome, one.contribution)
                        : one.contribution;
  at.before.clear();
  for (const auto& [name, one] : at.arrived) {
    effects.emplace_back(effect::gathered{one.ticket, at.generation, outcome});
    where_.erase(one.ticket);
    at.before.push_back(name);
  }
  at.arrived.clear();
  ++at.generation;
  make_idle(which);
}

void barriers::make_idle(barrier_map::iterator at) {
  at->second.idle = idle_.insert(idle_.end(), at->first);
}

bool barriers::leave(ticket who, std::deque<space_effect>* effects) {
  const auto found = where_.find(who);
  if (found == where_.end())
    return false;
  const auto which = barriers_.find(found->second.first);
  auto& at = which->second;
  if (effects) {
    effect::not_gathered left{
        who, at.generation, at.arrived.size(), at.parties, {}};
    for (const auto& name : at.before)
      if (!at.arrived.contains(name))
        left.missing.push_back(name);
    effects->emplace_back(std::move(left));
  }
  at.arrived.erase(found->second.second);
  where_.erase(found);
  if (at.arrived.empty())
    make_idle(which);
  return true;
}

void barriers::clear_idle() {
  for (const auto& name : idle_)
    barriers_.erase(name);
  idle_.clear();
}

} // namespace weft::spaces
