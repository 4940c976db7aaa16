#pragma once

#include "runtime/caf/type_ids.hpp"
#include "runtime/module/job_actor.hpp"

namespace weft::type_id {

/// Between those of supervision and of actors.
inline constexpr caf::type_id_t jobs = base + 80;

} // namespace weft::type_id

/// The message types of the actor that runs a job.
CAF_BEGIN_TYPE_ID_BLOCK(weft_jobs, weft::type_id::jobs)
CAF_ADD_TYPE_ID(weft_jobs, (weft::modules::await_job))
CAF_ADD_TYPE_ID(weft_jobs, (weft::modules::cancel_job))
CAF_ADD_TYPE_ID(weft_jobs, (weft::modules::query_job))
CAF_ADD_TYPE_ID(weft_jobs, (weft::modules::job_status))
CAF_ADD_TYPE_ID(weft_jobs, (weft::modules::job_outcome))
CAF_END_TYPE_ID_BLOCK(weft_jobs)
