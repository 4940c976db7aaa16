#pragma once

#include "runtime/caf/type_ids.hpp"
#include "runtime/supervision/messages.hpp"

/// All message types of supervisors that cross nodes. Add the block to the
/// actor system's configuration: `add_types<caf::id_block::weft_supervision>`.
CAF_BEGIN_TYPE_ID_BLOCK(weft_supervision, weft::type_id::supervision)
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::await_ready))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::child_started))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::terminate_child))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::terminate_instance))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::restart_child))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::delete_child))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::list_children))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::child_info))
CAF_ADD_TYPE_ID(weft_supervision, (std::vector<weft::supervision::child_info>))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::tree_request))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::tree_node))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::kill_child))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::stop_supervisor))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::supervisor_stopped))
CAF_ADD_TYPE_ID(weft_supervision, (weft::supervision::supervision_event))
CAF_END_TYPE_ID_BLOCK(weft_supervision)
