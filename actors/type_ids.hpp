#pragma once

#include "actors/ecosystem/factory_actor.hpp"
#include "actors/membership/membership_actor.hpp"
#include "actors/membership/node_entry_actor.hpp"
#include "actors/registry/name_keeper_actor.hpp"
#include "actors/registry/registry_actor.hpp"
#include "actors/space/space_actors.hpp"
#include "runtime/caf/type_ids.hpp"

#include <vector>

/// All message types of weft's own actors.
CAF_BEGIN_TYPE_ID_BLOCK(weft_actors, weft::type_id::actors)
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::registration))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::register_name))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::look_up_name))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::list_names))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::unregister_name))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::watch_names))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::unwatch_names))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::name_event))
CAF_ADD_TYPE_ID(weft_actors, (std::vector<weft::actors::registration>))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::renew_service))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::discover_services))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::service_page))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::keep_name))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::spawn_request))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::spawned))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::stop_spawned))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::watch_members))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::member_state))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::member_event))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::list_members))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::member))
CAF_ADD_TYPE_ID(weft_actors, (std::vector<weft::actors::member>))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::explain_member))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::evidence))
CAF_ADD_TYPE_ID(weft_actors, (std::vector<weft::actors::evidence>))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::leave_cluster))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::hello))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::welcome))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::goodbye))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::node_command))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::open_session))
CAF_ADD_TYPE_ID(weft_actors, (weft::actors::session_packet))
CAF_END_TYPE_ID_BLOCK(weft_actors)
