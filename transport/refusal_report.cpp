#include "transport/refusal_report.hpp"

#include <boost/asio/post.hpp>

#include <utility>

namespace weft::transport {

namespace {

using clock = std::chrono::steady_clock;

void summarize(carrier_context& context, bool last) {
  if (auto text = context.refusals.summary(clock::now(), last))
    context.log(config::log_level::warning, *text);
}

/// Nodes of good faith have messages dropped too, while they still find each
/// other.
config::log_level level_of(refusal_kind kind) {
  return kind == refusal_kind::routed ? config::log_level::info
                                      : config::log_level::warning;
}

} // namespace

void report(carrier_context& context, const refusal& why,
            std::string_view whom) {
  if (why.kind == refusal_kind::busy)
    return;
  summarize(context, false);
  const bool awaited = context.refusals.due().has_value();
  if (context.refusals.admit(why.kind, clock::now()))
    return context.log(level_of(why.kind),
                       "refused " + std::string{whom} + ": " + why.text);
  if (awaited)
    return;
  context.refusals_due.expires_at(*context.refusals.due());
  context.refusals_due.async_wait([&context](auto error) {
    if (!error)
      summarize(context, false);
  });
}

guard_callback report_on_peer(carrier_context& context, std::string name) {
  return [&context, io = context.io, name = std::move(name)](const refusal& why,
                                                             bool ends) {
    boost::asio::post(
        *io, [&context, why,
              whom = (ends ? "" : "a message of ") + ("node " + name)] {
          report(context, why, whom);
        });
  };
}

void report_rest(carrier_context& context) {
  context.refusals_due.cancel();
  summarize(context, true);
}

} // namespace weft::transport
