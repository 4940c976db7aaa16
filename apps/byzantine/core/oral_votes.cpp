#include "apps/byzantine/core/oral_votes.hpp"

namespace weft::byzantine {

order majority(std::size_t attacks, std::size_t votes) {
  return 2 * attacks > votes ? order::attack : order::retreat;
}

bool oral_votes::hear(const std::vector<general_id>& path, order value) {
  return heard_.emplace(path, value).second;
}

order oral_votes::heard(const std::vector<general_id>& path) const {
  auto found = heard_.find(path);
  return found == heard_.end() ? order::retreat : found->second;
}

std::vector<std::vector<general_id>>
oral_votes::paths(std::uint32_t length) const {
  std::vector<std::vector<general_id>> all{{commander}};
  for (std::uint32_t done = 1; done < length; ++done) {
    std::vector<std::vector<general_id>> longer;
    for (const auto& path : all)
      for (general_id who = 1; who < generals_; ++who)
        if (who != self_ && !holds(path, who)) {
          longer.push_back(path);
          longer.back().push_back(who);
        }
    all.swap(longer);
  }
  return all;
}

order oral_votes::value_of(std::vector<general_id>& path) const {
  auto own = heard(path);
  if (path.size() == rounds_)
    return own;
  std::size_t votes = 1;
  std::size_t attacks = own == order::attack ? 1 : 0;
  for (general_id who = 1; who < generals_; ++who) {
    if (who == self_ || holds(path, who))
      continue;
    path.push_back(who);
    ++votes;
    attacks += value_of(path) == order::attack ? 1 : 0;
    path.pop_back();
  }
  return majority(attacks, votes);
}

order oral_votes::decide() const {
  std::vector<general_id> path{commander};
  return value_of(path);
}

} // namespace weft::byzantine
