#include "runtime/module/argument_list.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::modules {

namespace {

using choices = std::vector<std::optional<chosen_argument>>;

std::string label(const parameter_info& parameter, std::size_t index) {
  return parameter.name.empty()
             ? fmt::format("argument {} ({})", index + 1, parameter.type)
             : fmt::format("{} ({})", parameter.name, parameter.type);
}

std::string signature(const std::vector<parameter_info>& parameters) {
  std::vector<std::string> labels;
  for (std::size_t i = 0; i < parameters.size(); ++i)
    labels.push_back(label(parameters[i], i));
  return labels.empty() ? "no arguments"
                        : fmt::format("{}", fmt::join(labels, ", "));
}

void fill_defaults(const std::vector<parameter_info>& parameters,
                   const argument_place& whole, choices& chosen,
                   problems& found) {
  for (std::size_t i = 0; i < parameters.size(); ++i) {
    if (chosen[i])
      continue;
    if (parameters[i].default_value)
      chosen[i] = {&*parameters[i].default_value, whole};
    else
      found.push_back(whole.problem(fmt::format(
          "expected {}, got nothing for it", label(parameters[i], i))));
  }
}

void choose_by_position(const std::vector<parameter_info>& parameters,
                        const config::arguments& given, choices& chosen,
                        problems& found) {
  const argument_place whole{&given, ""};
  const auto count = given.value.size();
  if (count > parameters.size())
    found.push_back(whole.child(std::to_string(parameters.size()))
                        .problem(fmt::format(
                            "expected at most {} ({}), got {} values",
                            parameters.size(), signature(parameters), count)));
  for (std::size_t i = 0; i < std::min(count, parameters.size()); ++i)
    chosen[i] = {&given.value[i], whole.child(std::to_string(i))};
}

void choose_by_name(const std::vector<parameter_info>& parameters,
                    const config::arguments& given, choices& chosen,
                    problems& found) {
  const argument_place whole{&given, ""};
  std::vector<std::string> names;
  for (const auto& parameter : parameters)
    if (!parameter.name.empty())
      names.push_back(parameter.name);
  if (names.empty() && !parameters.empty() && !given.value.empty()) {
    report(
        whole,
        fmt::format("a list of {} (they have no names)", signature(parameters)),
        given.value, found);
    chosen.clear();
    return;
  }
  for (const auto& [key, value] : given.value.items()) {
    const auto at = std::ranges::find(names, key);
    if (at != names.end()) {
      chosen[at - names.begin()] = {&value, whole.child(key)};
      continue;
    }
    const auto near = nearest_spelling(key, names);
    found.push_back(whole.child(key).problem(fmt::format(
        "expected {}, got an argument of this name{}", signature(parameters),
        near ? "; did you mean " + *near + "?" : "")));
  }
}

} // namespace

choices choose_arguments(const std::vector<parameter_info>& parameters,
                         const config::arguments& given, problems& found) {
  choices chosen(parameters.size());
  const argument_place whole{&given, ""};
  if (given.value.is_array())
    choose_by_position(parameters, given, chosen, found);
  else if (given.value.is_object())
    choose_by_name(parameters, given, chosen, found);
  else if (!given.value.is_null())
    report(whole, "a list or a map of arguments", given.value, found);
  const bool usable = !chosen.empty() || parameters.empty();
  if (usable)
    fill_defaults(parameters, whole, chosen, found);
  else
    chosen.resize(parameters.size());
  return chosen;
}

std::vector<parameter_info>
describe_parameters(const std::vector<parameter>& named,
                    const std::vector<std::string>& types,
                    const std::vector<bool>& optional, problems& found) {
  std::vector<parameter_info> described;
  const auto wrong = [&](std::string message) {
    found.push_back({{}, "", std::move(message)});
  };
  if (!named.empty() && named.size() != types.size()) {
    wrong(fmt::format(
        "expected a weft::parameter for each of the {} parameters ({}) or "
        "for none, got {}",
        types.size(), fmt::join(types, ", "), named.size()));
    return described;
  }
  bool has_default = false;
  for (std::size_t i = 0; i < types.size(); ++i) {
    parameter_info info{"", types[i], std::nullopt};
    if (!named.empty()) {
      info.name = named[i].name();
      info.default_value = named[i].default_value();
      if (!is_name(info.name))
        wrong(fmt::format("expected a name of letters, digits, _ and - for "
                          "parameter {}, got \"{}\"",
                          i + 1, info.name));
      if (std::ranges::count(described, info.name, &parameter_info::name) > 0)
        wrong("two parameters are named " + info.name);
    }
    if (!info.default_value && optional[i])
      info.default_value = nullptr;
    if (has_default && !info.default_value)
      wrong(fmt::format("parameter {} needs a default, because one before it "
                        "has one",
                        label(info, i)));
    has_default = has_default || info.default_value.has_value();
    described.push_back(std::move(info));
  }
  return described;
}

} // namespace weft::modules
