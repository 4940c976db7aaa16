#pragma once

#include "apps/bench/children.hpp"
#include "apps/bench/experiment.hpp"
#include "apps/bench/temporary_folder.hpp"
#include "runtime/base/result.hpp"

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

namespace weft::bench {

/// Of one process: its work, its start and its end.
inline constexpr std::chrono::seconds process_time_max{120};

/// What a user might take in place of weft, as it is installed here.
class peer {
public:
  virtual ~peer() = default;

  /// "25", "7.0.15".
  virtual const std::string& version() const noexcept = 0;

  /// One run, in processes of its own that are gone afterwards; returns as
  /// many numbers as weft's own run. Fails as `children::run`.
  virtual run_numbers run(const experiment& what, const run_size& size) = 0;
};

struct peer_search {
  /// Null when it is not installed.
  std::unique_ptr<peer> found;
  /// What to do then.
  std::string advice;
};

/// A peer that may be installed or not.
struct peer_kind {
  /// In JSON, and in an experiment's `peers`.
  std::string_view key;
  /// To read.
  std::string_view title;
  /// Looks for it. What it needs while it runs is put into the folder, which
  /// like the children must outlive it. Fails when what was found does not
  /// work.
  result<peer_search> (*find)(children& running,
                              const temporary_folder& folder) = nullptr;
};

} // namespace weft::bench
