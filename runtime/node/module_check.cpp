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

std::vector<std::string> entries_of(const config::cluster_options& options) {
  std::vector<std::string> entries;
  for (const auto& module : options.modules)
    entries.push_back(module.entry);
  return entries;
}

config::problem problem_of(const modules::load_failure& what,
                           const config::cluster_options& options) {
  // The file does not name the module that comes with the program.
  if (what.entry == options.modules.size())
    return {{}, "", what.why.message};
  return {options.modules[what.entry].where,
          fmt::format("modules[{}]", what.entry), what.why.message};
}

} // namespace

checked_modules load_and_check_modules(const config::cluster_options& options) {
  auto types = std::make_shared<modules::type_registry>();
  checked_modules checked;
  for (const auto& failure : modules::load_modules(entries_of(options), *types))
    checked.problems.push_back(problem_of(failure, options));
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
