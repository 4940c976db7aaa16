#include "spaces/checks.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

namespace weft::spaces {

result<void> check_timeout(duration timeout) {
  if (!is_timeout(timeout))
    return fail(errc::invalid_argument,
                fmt::format("a time-out is 0 to {}; got {} ns",
                            format_duration(timeout_max), timeout.count()));
  return {};
}

result<void> check_lease(const std::optional<duration>& lease) {
  if (!is_lease(lease))
    return fail(errc::invalid_argument,
                fmt::format("a lease is above 0, up to {}; got {} ns",
                            format_duration(lease_max), lease->count()));
  return {};
}

result<void> check_batch(std::span<const new_tuple> tuples) {
  if (tuples.empty() || tuples.size() > batch_tuples_max)
    return fail(errc::invalid_argument,
                fmt::format("a batch has 1 to {} tuples; got {}",
                            batch_tuples_max, tuples.size()));
  std::size_t bytes = 0;
  for (const auto& each : tuples) {
    if (auto valid = check_lease(each.lease); !valid)
      return valid;
    bytes += each.what.content_bytes();
  }
  if (bytes > batch_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("a batch has at most {} bytes of content; got {}",
                            batch_bytes_max, bytes));
  return {};
}

result<void> check_limit(std::size_t limit) {
  if (limit == 0 || limit > answer_tuples_max)
    return fail(errc::invalid_argument,
                fmt::format("a request asks for 1 to {} tuples; got {}",
                            answer_tuples_max, limit));
  return {};
}

result<void> check_answer(std::size_t bytes) {
  if (bytes > call_bytes_max)
    return fail(errc::exhausted,
                fmt::format("an answer has at most {} bytes, this one would "
                            "have {}; ask for fewer tuples",
                            call_bytes_max, bytes));
  return {};
}

result<void> check_fetch(std::size_t limit, duration timeout) {
  if (limit == 0 || limit > watch_events_max)
    return fail(errc::invalid_argument,
                fmt::format("a fetch asks for 1 to {} events; got {}",
                            watch_events_max, limit));
  return check_timeout(timeout);
}

result<void> check_request(const request& of) {
  if (auto valid = check_timeout(of.timeout); !valid)
    return valid;
  return check_lease(of.claim_lease);
}

result<void> check_name(std::string_view name, std::string_view what) {
  if (name.empty() || name.size() > name_bytes_max)
    return fail(errc::invalid_argument,
                fmt::format("the name of a {} has 1 to {} bytes; got {}", what,
                            name_bytes_max, name.size()));
  return {};
}

} // namespace weft::spaces
