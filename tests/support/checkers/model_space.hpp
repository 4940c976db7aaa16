#pragma once

#include "tests/support/checkers/naive_space.hpp"

namespace weft::checkers {

struct model_options {
  bug planted = bug::none;
  /// At work at the same time; one that dies is replaced.
  std::size_t clients = 4;
  std::size_t operations = 40;
};

/// The history of a few clients that use a `naive_space` at the same time:
/// every verb, batches, leases, claims, waiting and giving up, repeated and
/// refused requests, clients that die and requests that arrive after that.
/// The same seed and options give the same history. Tuples are unique, the
/// remaining content is given.
history run_model(std::uint64_t seed, const model_options& options = {});

} // namespace weft::checkers
