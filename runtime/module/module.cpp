#include "runtime/module/module.hpp"

#include "runtime/base/text.hpp"
#include "runtime/caf/error.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft {

module_registration::module_registration(std::string name) {
  definition_.name = std::move(name);
  if (!is_name(definition_.name)
      || definition_.name.find('.') != std::string::npos)
    problems_.push_back(fmt::format("\"{}\" is no name for a module: use up "
                                    "to 64 letters, digits, _ and -",
                                    definition_.name));
}

std::string module_registration::qualified(std::string_view name) const {
  return fmt::format("{}.{}", definition_.name, name);
}

void module_registration::keep(std::string_view name,
                               const modules::problems& found) {
  for (const auto& problem : found)
    problems_.push_back(
        fmt::format("{}: {}", qualified(name), config::to_string(problem)));
}

void module_registration::check_name(const std::string& qualified_name) {
  const auto name = qualified_name.substr(definition_.name.size() + 1);
  if (!is_name(name) || name.find('.') != std::string::npos)
    problems_.push_back(fmt::format("\"{}\" is no name for an actor or a job: "
                                    "use up to 64 letters, digits, _ and -",
                                    name));
  const bool taken = std::ranges::count(definition_.actors, qualified_name,
                                        &modules::actor_type::name)
                         + std::ranges::count(definition_.jobs, qualified_name,
                                              &modules::job_type::name)
                     > 0;
  if (taken)
    problems_.push_back(qualified_name + " is registered twice");
}

void module_registration::add_actor(modules::actor_type type) {
  check_name(type.name);
  definition_.actors.push_back(std::move(type));
}

void module_registration::add_job(modules::job_type type) {
  check_name(type.name);
  definition_.jobs.push_back(std::move(type));
}

result<modules::module_definition> module_registration::finish() && {
  if (!problems_.empty())
    return fail(errc::invalid_argument,
                fmt::format("module {} registers wrongly: {}", definition_.name,
                            fmt::join(problems_, "; ")));
  return std::move(definition_);
}

namespace modules {

failure wrong_arguments(std::string_view type, const problems& found) {
  return {errc::invalid_argument, fmt::format("wrong arguments for {}: {}",
                                              type, config::to_string(found))};
}

failure job_threw(std::string_view name, std::exception_ptr thrown) {
  auto why = from_caf(describe_exception(std::move(thrown)));
  why.message = fmt::format("job {} failed: {}", name, why.message);
  return why;
}

} // namespace modules

} // namespace weft
