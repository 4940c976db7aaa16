#pragma once

#include <tl/expected.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace weft {

/// Why an operation did not succeed: one value per reaction that a caller may
/// have, not one per place of origin.
enum class errc : std::uint8_t {
  /// No error; never stored in a `failure`.
  none = 0,
  /// The caller's input is wrong and stays wrong: mend it, do not retry.
  invalid_argument,
  /// What was named does not exist.
  not_found,
  /// What was to be created exists already.
  already_exists,
  /// The caller is known but has not the right to do this.
  permission_denied,
  /// A peer, node or server cannot be reached now; a retry may succeed.
  unavailable,
  /// The deadline passed; whether the effect took place is unknown.
  timed_out,
  /// A stated limit is reached; a retry may succeed once load falls.
  exhausted,
  /// This version cannot do it; the message says what to use instead.
  unsupported,
  /// The caller or an operator ended it before it was done.
  cancelled,
  /// The operating system refused: file, socket, process.
  io,
  /// A defect in weft or in a module; never the user's fault.
  internal,
};

/// The value's name as it stands in the source, e.g. "timed_out".
std::string_view to_string(errc code) noexcept;

/// The code of this name, e.g. of "timed_out"; absent for "none" and for what
/// is no name.
std::optional<errc> parse_errc(std::string_view name) noexcept;

/// A failed operation: a code to react to and a message to read. The message
/// is one sentence without a full stop that names what, where, expected, got.
struct failure {
  errc code = errc::internal;
  std::string message;

  friend bool operator==(const failure&, const failure&) = default;
};

/// "timed_out: node n2 did not answer within 5s".
std::string to_string(const failure& what);

/// Either a `T` or the `failure` that prevented it.
template <class T>
using result = tl::expected<T, failure>;

/// Builds the failing side of any `result<T>`.
inline tl::unexpected<failure> fail(errc code, std::string message) {
  return tl::unexpected<failure>(failure{code, std::move(message)});
}

/// Passes a failure on from a `result` of another type.
template <class T>
tl::unexpected<failure> pass_on(result<T>& from) {
  return tl::unexpected<failure>(std::move(from.error()));
}

} // namespace weft
