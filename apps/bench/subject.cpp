#include "apps/bench/subject.hpp"

#include <array>

namespace weft::bench {

std::span<const subject* const> subjects() {
  static const std::array all{&actors_subject(), &spaces_subject(),
                              &heat_subject()};
  return all;
}

const experiment* find_experiment(std::string_view name) {
  for (const auto* subject : subjects())
    for (const auto& each : subject->experiments)
      if (each.name == name)
        return &each;
  return nullptr;
}

} // namespace weft::bench
