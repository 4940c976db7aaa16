#include "runtime/node/factory_seams.hpp"

#include "runtime/caf/error.hpp"
#include "runtime/module/ask.hpp"
#include "runtime/node/child_start.hpp"
#include "runtime/node/space_table.hpp"

#include <fmt/core.h>

#include <algorithm>

namespace weft {

namespace {

constexpr std::chrono::seconds supervisor_timeout{30};

config::arguments parse_arguments(const std::string& text) {
  config::arguments arguments;
  // The factory's core has checked that it is JSON.
  arguments.value = nlohmann::json::parse(text, nullptr, false);
  arguments.path = "arguments";
  return arguments;
}

std::string module_of(const std::string& type) {
  return type.substr(0, type.find('.'));
}

result<void> check(const node_services& services, const std::string& type,
                   const std::string& text) {
  const auto found = services.types->find_actor(type);
  if (!found)
    return tl::unexpected(found.error());
  const auto arguments = parse_arguments(text);
  if (arguments.value.is_discarded())
    return fail(errc::invalid_argument, "the arguments are no JSON");
  if (const auto problems = (*found)->check(arguments); !problems.empty())
    return fail(errc::invalid_argument, config::to_string(problems));
  return {};
}

using spawned_answer = std::function<void(result<actors::spawned>)>;

void add_child(caf::event_based_actor* self, node_services& services,
               const actors::child_order& order, const spawned_answer& done) {
  const auto module = services.modules.find(order.module);
  if (module == services.modules.end())
    return done(fail(errc::not_found,
                     fmt::format("this node has no module {}", order.module)));
  modules::ask_then<supervision::child_started>(
      self, module->second.get(), services.start_timeout(),
      [done](const result<supervision::child_started>& child) {
        if (child)
          done(actors::spawned{child->actor, child->path});
        else
          done(tl::unexpected(child.error()));
      },
      child_of(order, services.start_timeout()));
}

void stop_child(caf::event_based_actor* self, node_services& services,
                const std::string& path,
                const std::function<void(result<bool>)>& done) {
  // "n2/hello/greeter-7"
  const auto first = path.find('/');
  const auto second = path.find('/', first + 1);
  const auto module =
      second == std::string::npos
          ? services.modules.end()
          : services.modules.find(path.substr(first + 1, second - first - 1));
  if (path.substr(0, first) != services.name
      || module == services.modules.end())
    return done(
        fail(errc::not_found, fmt::format("{} is not below this node", path)));
  const auto supervisor = module->second.get();
  const auto id = path.substr(second + 1);
  modules::ask_then<bool>(
      self, supervisor, supervisor_timeout,
      [self, supervisor, id, done](const result<bool>& ran) {
        // As after a restart of the supervisor, which forgets such children.
        if (!ran && ran.error().code == errc::not_found)
          return done(false);
        if (!ran)
          return done(ran);
        // A stopped child that is not temporary would keep its name.
        modules::ask_then<std::uint64_t>(
            self, supervisor, supervisor_timeout,
            [ran, done](const result<std::uint64_t>&) { done(ran); },
            supervision::delete_child{id});
      },
      supervision::terminate_child{id});
}

/// Runs one request to a supervisor in an actor made for it.
template <class Work>
void in_passing(caf::actor_system& system, Work work) {
  system.spawn<caf::hidden>(
      [work](caf::event_based_actor* self) { work(self); });
}

} // namespace

actors::factory_seams
make_factory_seams(caf::actor_system& system,
                   std::shared_ptr<node_services> services, context where) {
  actors::factory_seams seams;
  seams.check = [services](const std::string& type, const std::string& text) {
    return check(*services, type, text);
  };
  seams.spawn =
      [&system, services,
       where](const actors::actor_order& order,
              actors::actor_ready ready) -> result<caf::strong_actor_ptr> {
    const auto type = services->types->find_actor(order.type);
    if (!type)
      return tl::unexpected(type.error());
    return (*type)->spawn(
        system,
        where.for_module(module_of(order.type)).for_tenant(order.tenant),
        parse_arguments(order.arguments), std::move(ready));
  };
  seams.add_child = [&system, services](const actors::child_order& order,
                                        const spawned_answer& done) {
    in_passing(system, [services, order, done](auto* self) {
      add_child(self, *services, order, done);
    });
  };
  seams.stop_child = [&system,
                      services](const std::string& path,
                                const std::function<void(result<bool>)>& done) {
    in_passing(system, [services, path, done](auto* self) {
      stop_child(self, *services, path, done);
    });
  };
  seams.may_use = [services](const std::string& node,
                             const std::string& tenant) {
    return may_use_tenant(*services->options, node, tenant);
  };
  seams.name_of = [services](const caf::node_id& node) {
    return services->directory->name_of(node);
  };
  seams.may_spawn = [services](const std::string& node) {
    const auto& allowed = services->options->security.spawn_from;
    return allowed.empty() || std::ranges::count(allowed, node) > 0;
  };
  return seams;
}

} // namespace weft
