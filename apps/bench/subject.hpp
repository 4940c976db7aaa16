#pragma once

#include "apps/bench/experiment.hpp"
#include "apps/bench/peer.hpp"

#include <cstdint>
#include <span>
#include <string_view>

namespace weft::bench {

/// How many times better one figure of weft is than another one: of weft, or
/// of each peer.
struct relation {
  std::string_view name;
  std::string_view question;
  std::string_view better;
  std::string_view worse;
  bool of_peers = false;
};

/// What `weft bench NAME` measures.
struct subject {
  std::string_view name;
  /// For the help.
  std::string_view description;
  std::string_view duration;
  /// In the order in which they are run and reported.
  std::span<const experiment> experiments;
  std::span<const peer_kind> peers;
  std::span<const relation> relations;
  std::uint64_t runs = 5;
  /// Scheduler threads of the measuring processes; 0: as a node has.
  std::uint64_t threads = 0;
  /// What else to know about the ratios; may be empty.
  std::string_view note;
};

const subject& actors_subject();
const subject& spaces_subject();
const subject& heat_subject();

/// All of them.
std::span<const subject* const> subjects();

/// The experiment of this name, whatever its subject; null when there is none.
const experiment* find_experiment(std::string_view name);

} // namespace weft::bench
