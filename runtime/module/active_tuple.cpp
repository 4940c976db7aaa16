#include "runtime/module/active_tuple.hpp"

#include "runtime/caf/error.hpp"

#include <chrono>
#include <stdexcept>
#include <thread>

namespace weft::modules {

namespace {

using namespace std::chrono_literals;

constexpr auto write_patience = 1min;
constexpr auto write_again_after = 200ms;

/// Texts of failures may be of any length, tuples not.
constexpr std::size_t message_bytes_max = 64 * 1024;

spaces::tuple failed_tuple(const active_tuple& of, const failure& why) {
  return spaces::tuple_of("eval failed", of.key.substr(0, message_bytes_max),
                          of.type, to_string(why.code),
                          why.message.substr(0, message_bytes_max));
}

result<void> write_to(const context& where, const active_tuple& of,
                      const spaces::tuple& what) {
  const auto space = where.space(of.space);
  if (!space)
    return tl::unexpected(space.error());
  auto written = space->write(what);
  if (!written)
    return pass_on(written);
  return {};
}

} // namespace

failure evaluation_threw(std::exception_ptr thrown) {
  return from_caf(describe_exception(std::move(thrown)));
}

void write_evaluated(const context& where, const active_tuple& of,
                     const result<spaces::tuple>& outcome) {
  const auto what = outcome ? *outcome : failed_tuple(of, outcome.error());
  const auto end = std::chrono::steady_clock::now() + write_patience;
  while (true) {
    const auto written = write_to(where, of, what);
    if (written)
      return;
    const bool again = written.error().code == errc::unavailable
                       && std::chrono::steady_clock::now() < end;
    if (!again)
      throw std::runtime_error{of.type
                               + " has a result that could not be "
                                 "written to the space "
                               + of.space + ": " + written.error().message};
    std::this_thread::sleep_for(write_again_after);
  }
}

} // namespace weft::modules
