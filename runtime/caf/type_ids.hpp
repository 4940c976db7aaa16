#pragma once

#include "runtime/caf/real.hpp"

#include <caf/all.hpp>

/// Where each layer's block of message types begins. CAF 0.17 identifies types
/// by name and ignores the numbers; CAF 1.x requires them to be distinct.
namespace weft::type_id {

inline constexpr caf::type_id_t base = caf::first_custom_type_id;
inline constexpr caf::type_id_t supervision = base + 50;
inline constexpr caf::type_id_t actors = base + 100;
/// The first that a user's module may take.
inline constexpr caf::type_id_t module = base + 1000;

} // namespace weft::type_id

CAF_BEGIN_TYPE_ID_BLOCK(weft_base, weft::type_id::base)
CAF_ADD_TYPE_ID(weft_base, (weft::real))
CAF_ADD_TYPE_ID(weft_base, (std::vector<std::uint8_t>))
CAF_ADD_TYPE_ID(weft_base, (std::vector<std::int64_t>))
CAF_ADD_TYPE_ID(weft_base, (std::vector<weft::real>))
CAF_ADD_ATOM(weft_base, weft, greet_atom, "greet")
CAF_ADD_ATOM(weft_base, weft, count_atom, "count")
CAF_ADD_ATOM(weft_base, weft, start_atom, "start")
CAF_ADD_ATOM(weft_base, weft, stop_atom, "stop")
CAF_ADD_ATOM(weft_base, weft, work_atom, "work")
CAF_END_TYPE_ID_BLOCK(weft_base)
