#include "runtime/node/module_check.hpp"

#include "runtime/module/loader.hpp"

#include <fmt/core.h>

namespace weft {

namespace {

template <class Options, class Type>
void check_one(const Options& what, const std::string& path,
               const result<const Type*>& type,
               std::vector<config::problem>& problems) {
  if (!type) {
    problems.push_back({what.where, path + ".type", type.error().message});
    return;
  }
  for (const auto& problem : (*type)->check(what.args))
    problems.push_back(problem);
}

} // namespace

checked_modules load_and_check_modules(const config::cluster_options& options) {
  auto types = std::make_shared<modules::type_registry>();
  checked_modules checked;
  for (const auto& failure : modules::load_modules(options.modules, *types))
    checked.problems.push_back({{}, "", failure.message});
  // Without its module every type would be reported as unknown.
  const bool complete = checked.problems.empty();
  for (std::size_t i = 0; complete && i < options.actors.size(); ++i)
    check_one(options.actors[i], fmt::format("actors[{}]", i),
              types->find_actor(options.actors[i].type), checked.problems);
  for (std::size_t i = 0; complete && i < options.jobs.size(); ++i)
    check_one(options.jobs[i], fmt::format("jobs[{}]", i),
              types->find_job(options.jobs[i].type), checked.problems);
  checked.types = std::move(types);
  return checked;
}

std::vector<config::problem>
check_modules(const config::cluster_options& options) {
  return load_and_check_modules(options).problems;
}

} // namespace weft
