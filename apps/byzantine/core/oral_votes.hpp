#pragma once

#include "apps/byzantine/core/relay.hpp"

#include <cstddef>
#include <map>
#include <span>
#include <vector>

namespace weft::byzantine {

/// The value that more than half have; retreat if there is none such.
order majority(std::size_t attacks, std::size_t votes);

/// What one lieutenant was told under OM(m), by the path it came.
/// *Source*: Lamport, Shostak and Pease (1982), section 3; the recursion as a
/// tree of paths: Bar-Noy, Dolev, Dwork and Strong (1992).
class oral_votes {
public:
  oral_votes(general_id self, std::uint32_t generals, std::uint32_t rounds)
      : self_(self), generals_(generals), rounds_(rounds) {}

  /// The first value by a path stands; false for later ones.
  bool hear(const std::vector<general_id>& path, order value);

  /// What was heard by this path, or retreat.
  order heard(const std::vector<general_id>& path) const;

  /// All paths of a length, without this general, whether heard or not.
  std::vector<std::vector<general_id>> paths(std::uint32_t length) const;

  /// What this general decides: what came by a path of full length counts as
  /// it is; that of a shorter one is outvoted by what others say came by it.
  /// Cost: as many steps as there are paths.
  order decide() const;

private:
  order value_of(std::vector<general_id>& path) const;

  general_id self_;
  std::uint32_t generals_;
  std::uint32_t rounds_;
  std::map<std::vector<general_id>, order> heard_;
};

} // namespace weft::byzantine
