#pragma once

#include "transport/carrier_context.hpp"
#include "transport/core/refusal.hpp"
#include "transport/guarded_stream.hpp"

#include <string_view>

namespace weft::transport {

/// Logs "refused <whom>: <why>", or counts it when the log has had enough of
/// its kind; the count follows when the window ends. A connection that was
/// sent away because both sides dialed is no event. In the carrier's thread.
void report(carrier_context& context, const refusal& why,
            std::string_view whom);

/// Logs, from any thread, what becomes of the messages of the connected node
/// `name`; without effect once the carrier has stopped.
guard_callback report_on_peer(carrier_context& context, std::string name);

/// Logs what is still only counted; on stopping.
void report_rest(carrier_context& context);

} // namespace weft::transport
