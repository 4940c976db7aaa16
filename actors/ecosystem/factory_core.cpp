#include "actors/ecosystem/factory_core.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <array>
#include <vector>

namespace weft::actors {

namespace {

constexpr std::size_t request_id_bytes_max = 200;
constexpr std::size_t shown_bytes_max = 80;

tl::unexpected<failure> wrong(std::string_view what, std::string_view expected,
                              std::string_view got) {
  return fail(errc::invalid_argument,
              fmt::format("spawn request: {}: expected {}, got \"{}\"", what,
                          expected, shortened(got, shown_bytes_max)));
}

result<factory_core::place> split_type(const std::string& type) {
  const auto dot = type.find('.');
  if (dot == std::string::npos || !is_name(type.substr(0, dot))
      || !is_name(type.substr(dot + 1)))
    return wrong("type", "module.actor such as hello.greeter", type);
  return factory_core::place{type.substr(0, dot), type.substr(dot + 1)};
}

result<void> check_order(const factory_order& order,
                         const factory_limits& limits) {
  if (order.request_id.empty()
      || order.request_id.size() > request_id_bytes_max)
    return wrong("request_id", "1 to 200 bytes", order.request_id);
  if (!order.name.empty() && !is_name(order.name))
    return wrong("name", "1 to 64 characters of [A-Za-z0-9_.-]", order.name);
  static constexpr std::array<std::string_view, 3> kinds{
      "permanent", "transient", "temporary"};
  bool known = false;
  for (const auto kind : kinds)
    known = known || order.restart == kind;
  if (!known)
    return wrong("restart", "permanent, transient or temporary", order.restart);
  if (order.arguments.size() > limits.argument_bytes_max)
    return wrong(
        "arguments",
        fmt::format("at most {}", format_bytes(limits.argument_bytes_max)),
        order.arguments);
  return {};
}

} // namespace

factory_core::factory_core(const factory_limits& limits) : limits_{limits} {}

result<factory_core::place> factory_core::reserve(const factory_order& order) {
  if (auto checked = check_order(order, limits_); !checked)
    return pass_on(checked);
  auto type = split_type(order.type);
  if (!type)
    return type;
  place where{type->module, order.name};
  const auto known = children_.find(where.key());
  if (known != children_.end() && known->second.running)
    return fail(errc::already_exists,
                fmt::format("an actor {} has been started on this node "
                            "already: choose another name, or stop it first",
                            where.key()));
  if (running_ >= limits_.actors_max)
    return fail(errc::exhausted,
                fmt::format("cannot start a {}: {} actors run on this node, "
                            "which is its limit",
                            order.type, running_));
  ++running_;
  if (known != children_.end()) {
    known->second.running = true;
    return where;
  }
  if (where.name.empty())
    where.name = make_name(type->module, type->name);
  children_.emplace(where.key(), child{where, {}, order.restart, true, 0, 0});
  return where;
}

void factory_core::release(const place& what) {
  const auto found = children_.find(what.key());
  if (found == children_.end())
    return;
  auto& known = found->second;
  if (known.path.empty())
    forget(found);
  else if (known.running && known.actor == 0)
    make_idle(found);
}

void factory_core::runs(const place& what, const std::string& restart,
                        std::uint64_t actor) {
  const auto [at, fresh] =
      children_.try_emplace(what.key(), child{what, {}, restart, false, 0, 0});
  auto& known = at->second;
  if (!known.running)
    ++running_;
  known.running = true;
  known.restart = restart;
  known.actor = actor;
}

void factory_core::settle(const place& what, std::string path) {
  const auto found = children_.find(what.key());
  if (found == children_.end())
    return;
  keys_by_path_[path] = found->first;
  found->second.path = std::move(path);
}

bool factory_core::ended(const place& what, std::uint64_t actor, bool orderly) {
  const auto found = children_.find(what.key());
  if (found == children_.end() || found->second.actor != actor)
    return false;
  const auto& restart = found->second.restart;
  const bool finished = restart == "transient" && orderly;
  if (finished || restart == "temporary")
    forget(found);
  else
    make_idle(found);
  return finished;
}

void factory_core::forget_unsettled() {
  std::vector<place> all;
  for (const auto& [key, known] : children_)
    all.push_back(known.where);
  for (const auto& each : all)
    release(each);
}

const factory_core::place* factory_core::find(std::string_view path) const {
  const auto key = keys_by_path_.find(std::string{path});
  if (key == keys_by_path_.end())
    return nullptr;
  return &children_.at(key->second).where;
}

void factory_core::remove(std::string_view path) {
  const auto key = keys_by_path_.find(std::string{path});
  if (key != keys_by_path_.end())
    forget(children_.find(key->second));
}

std::string factory_core::make_name(const std::string& module,
                                    const std::string& actor) {
  // A long type name leaves room for its number.
  const auto stem = actor.substr(0, 40);
  for (;;) {
    place made{module, fmt::format("{}-{}", stem, ++last_number_)};
    if (!children_.contains(made.key()))
      return made.name;
  }
}

void factory_core::forget(children::iterator found) {
  if (found->second.running)
    --running_;
  keys_by_path_.erase(found->second.path);
  children_.erase(found);
}

void factory_core::make_idle(children::iterator found) {
  auto& known = found->second;
  known.running = false;
  known.actor = 0;
  --running_;
  idle_.emplace_back(found->first, ++known.ends);
  bound_idle();
}

void factory_core::bound_idle() {
  while (idle_.size() > limits_.actors_max) {
    const auto [key, ends] = std::move(idle_.front());
    idle_.pop_front();
    const auto oldest = children_.find(key);
    if (oldest != children_.end() && !oldest->second.running
        && oldest->second.ends == ends)
      forget(oldest);
  }
}

} // namespace weft::actors
