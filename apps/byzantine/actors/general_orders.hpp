#pragma once

#include "apps/byzantine/core/plan.hpp"

#include <nlohmann/json_fwd.hpp>

#include <chrono>
#include <string>

namespace weft::byzantine {

/// What a general is started with. It crosses nodes as JSON.
struct general_orders {
  general_id self = 0;
  plan what;
  /// Of a round.
  std::chrono::nanoseconds deadline = std::chrono::seconds{10};

  friend bool operator==(const general_orders&,
                         const general_orders&) = default;
};

/// Fails, with an exception as nlohmann's library has it, for a plan that
/// cannot be carried out.
void from_json(const nlohmann::json& from, general_orders& into);
void to_json(nlohmann::json& into, const general_orders& from);

/// Under which a general is registered: "byzantine/INSTANCE/3".
std::string name_of(std::uint64_t instance, general_id who);

} // namespace weft::byzantine
