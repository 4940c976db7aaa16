#pragma once

#include "apps/byzantine/actors/general_actor.hpp"
#include "runtime/caf/type_ids.hpp"

namespace weft::type_id {

inline constexpr caf::type_id_t byzantine = module - 100;

} // namespace weft::type_id

/// The message types of the generals.
CAF_BEGIN_TYPE_ID_BLOCK(weft_byzantine, weft::type_id::byzantine)
CAF_ADD_TYPE_ID(weft_byzantine, (weft::byzantine::general_report))
CAF_END_TYPE_ID_BLOCK(weft_byzantine)
