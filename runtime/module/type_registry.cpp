#include "runtime/module/type_registry.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::modules {

namespace {

std::string file_text(const module_definition& module) {
  return module.file.empty() ? "the program itself" : module.file;
}

template <class Type>
const Type* find_in(const std::vector<Type>& types, std::string_view name) {
  const auto found = std::ranges::find(types, name, &Type::name);
  return found == types.end() ? nullptr : &*found;
}

template <class Type>
std::vector<std::string>
names_of(const std::map<std::string, module_definition>& modules,
         std::vector<Type> module_definition::*member) {
  std::vector<std::string> names;
  for (const auto& [unused, module] : modules)
    for (const auto& type : module.*member)
      names.push_back(type.name);
  return names;
}

std::string list_text(const std::vector<std::string>& names) {
  return names.empty() ? "none" : fmt::format("{}", fmt::join(names, ", "));
}

} // namespace

result<void> type_registry::add(module_definition added) {
  const auto present = modules_.find(added.name);
  if (present != modules_.end())
    return fail(errc::already_exists,
                fmt::format("two modules are named {}: one from {} and one "
                            "from {}; remove one of them from modules: or "
                            "rename it in its WEFT_MODULE",
                            added.name, file_text(present->second),
                            file_text(added)));
  auto name = added.name;
  modules_.emplace(std::move(name), std::move(added));
  return {};
}

namespace {

/// Why no `kind` of this name can be found.
failure missing(const std::map<std::string, module_definition>& modules,
                std::string_view name, std::string_view kind,
                std::string_view other_kind, bool is_other,
                const std::vector<std::string>& candidates) {
  std::string message = fmt::format("no {} type {} is registered", kind, name);
  const auto module = name.substr(0, name.find('.'));
  if (is_other) {
    message = fmt::format("{} is the name of a type of {}, expected one of {}",
                          name, other_kind, kind);
  } else if (const auto near = nearest_spelling(name, candidates)) {
    message += "; did you mean " + *near + "?";
  } else if (module.size() == name.size()) {
    message += fmt::format("; expected MODULE.NAME, one of: {}",
                           list_text(candidates));
  } else if (modules.contains(std::string{module})) {
    message += fmt::format("; there are: {}", list_text(candidates));
  } else {
    std::vector<std::string> names;
    for (const auto& [loaded, unused] : modules)
      names.push_back(loaded);
    message += fmt::format("; module {} is not loaded (loaded: {}), add it "
                           "under modules:",
                           module, list_text(names));
  }
  return {errc::not_found, std::move(message)};
}

} // namespace

result<const actor_type*>
type_registry::find_actor(std::string_view name) const {
  bool is_job = false;
  for (const auto& [unused, module] : modules_) {
    if (const auto* found = find_in(module.actors, name))
      return found;
    is_job = is_job || find_in(module.jobs, name) != nullptr;
  }
  return tl::unexpected(
      missing(modules_, name, "actor", "job", is_job, actor_names()));
}

result<const job_type*> type_registry::find_job(std::string_view name) const {
  bool is_actor = false;
  for (const auto& [unused, module] : modules_) {
    if (const auto* found = find_in(module.jobs, name))
      return found;
    is_actor = is_actor || find_in(module.actors, name) != nullptr;
  }
  return tl::unexpected(
      missing(modules_, name, "job", "actor", is_actor, job_names()));
}

void type_registry::add_message_types(caf::actor_system_config& config) const {
  for (const auto& [unused, module] : modules_)
    for (const auto& add : module.message_types)
      add(config);
}

std::vector<std::string> type_registry::actor_names() const {
  return names_of(modules_, &module_definition::actors);
}

std::vector<std::string> type_registry::job_names() const {
  return names_of(modules_, &module_definition::jobs);
}

} // namespace weft::modules
