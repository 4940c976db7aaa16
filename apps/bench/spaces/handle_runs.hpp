#pragma once

#include "apps/bench/experiment.hpp"

/// One run each of what is measured through the handle `weft::space`: in this
/// process, and (`_nodes`) with the shard in another one.
namespace weft::bench {

/// Question: what does a thread get that waits for each answer, or for a
/// batch's?
/// Method: `run_space_bench`, as `weft space bench` does on a running cluster,
/// for `count` milliseconds.
/// Numbers: median us of a write; of a take by key; operations/s in batches of
/// 100.
run_numbers run_handle(const experiment& what, const run_settings& how);
run_numbers run_nodes(const experiment& what, const run_settings& how);

/// `measure_pipeline`.
run_numbers run_pipelined(const experiment& what, const run_settings& how);
run_numbers run_pipelined_nodes(const experiment& what,
                                const run_settings& how);

/// `measure_hand_offs`.
run_numbers run_hand_off(const experiment& what, const run_settings& how);
run_numbers run_hand_off_nodes(const experiment& what, const run_settings& how);

} // namespace weft::bench
