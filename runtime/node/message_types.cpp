#include "runtime/node/message_types.hpp"

#include "actors/type_ids.hpp"
#include "runtime/caf/compat.hpp"
#include "runtime/module/type_ids.hpp"
#include "runtime/supervision/type_ids.hpp"

namespace weft {

void add_all_message_types(caf::actor_system_config& config) {
  add_types<caf::id_block::weft_supervision, caf::id_block::weft_jobs,
            caf::id_block::weft_actors>(config);
}

} // namespace weft
