#include "apps/byzantine/command/flags.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <random>
#include <string_view>
#include <utility>

namespace weft::byzantine {

namespace {

/// The value of one of two words.
template <class T>
result<T> chosen(std::string_view flag, std::string_view given,
                 const std::array<std::pair<std::string_view, T>, 2>& known) {
  for (const auto& [word, value] : known)
    if (word == given)
      return value;
  return fail(errc::invalid_argument,
              fmt::format("{} \"{}\": expected {} or {}", flag, given,
                          known[0].first, known[1].first));
}

result<algorithm> algorithm_of(const flags& asked) {
  return chosen<algorithm>(
      "algorithm", asked.algorithm,
      {{{"om", algorithm::oral}, {"sm", algorithm::written}}});
}

result<order> order_of(const flags& asked) {
  return chosen<order>(
      "order", asked.order,
      {{{"attack", order::attack}, {"retreat", order::retreat}}});
}

std::uint32_t traitors_max_of(const flags& asked, std::size_t traitors) {
  if (asked.m)
    return *asked.m;
  const auto wanted =
      std::max<std::uint32_t>(1, static_cast<std::uint32_t>(traitors));
  // With more traitors than that there is nothing that could help.
  return asked.generals < 2 ? wanted : std::min(wanted, asked.generals - 2);
}

/// Two runs in one space must not have the same.
std::uint64_t new_instance() {
  std::random_device source;
  return std::uint64_t{source()} << 32 | source();
}

result<void> check_deadline(std::chrono::nanoseconds deadline) {
  if (deadline >= deadline_min && deadline <= deadline_max)
    return {};
  return fail(errc::invalid_argument,
              fmt::format("deadline: expected {} to {}, got {}",
                          format_duration(deadline_min),
                          format_duration(deadline_max),
                          format_duration(deadline)));
}

} // namespace

result<plan> plan_of(const flags& asked) {
  auto how = algorithm_of(asked);
  if (!how)
    return pass_on(how);
  auto what = order_of(asked);
  if (!what)
    return pass_on(what);
  auto betrayal = parse_strategy(asked.strategy);
  if (!betrayal)
    return pass_on(betrayal);
  plan made{.generals = asked.generals,
            .algorithm = *how,
            .traitors = {asked.traitors.begin(), asked.traitors.end()},
            .strategy = *betrayal,
            .commanded = *what,
            .instance = new_instance(),
            .seed = asked.seed};
  made.traitors_max = traitors_max_of(asked, made.traitors.size());
  auto possible = check_deadline(asked.deadline);
  if (possible)
    possible = check(made);
  if (possible && !asked.search)
    possible = check_enough(made);
  if (!possible)
    return pass_on(possible);
  return made;
}

} // namespace weft::byzantine
