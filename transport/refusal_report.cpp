#include "transport/refusal_report.hpp"

namespace weft::transport {

namespace {

using clock = std::chrono::steady_clock;

void summarize(carrier_context& context, bool last) {
  if (auto text = context.refusals.summary(clock::now(), last))
    context.log(config::log_level::warning, *text);
}

} // namespace

void report(carrier_context& context, const refusal& why,
            std::string_view whom) {
  if (why.kind == refusal_kind::busy)
    return;
  summarize(context, false);
  const bool awaited = context.refusals.due().has_value();
  if (context.refusals.admit(why.kind, clock::now()))
    return context.log(config::log_level::warning,
                       "refused " + std::string{whom} + ": " + why.text);
  if (awaited)
    return;
  context.refusals_due.expires_at(*context.refusals.due());
  context.refusals_due.async_wait([&context](auto error) {
    if (!error)
      summarize(context, false);
  });
}

void report_rest(carrier_context& context) {
  context.refusals_due.cancel();
  summarize(context, true);
}

} // namespace weft::transport
