#pragma once

#include "runtime/base/result.hpp"

#include <caf/all.hpp>

#include <exception>
#include <string>

CAF_ERROR_CODE_ENUM(weft::errc, "weft")

namespace weft {

/// A failure as an actor replies it; code and message cross nodes.
caf::error to_caf(const failure& what);

/// What a caf::error says, in weft's codes and in words: a reply of ours comes
/// back as it was sent, CAF's own codes (request time-out, dead receiver,
/// unknown message, exit reasons) are translated, and nothing shows a number.
failure from_caf(const caf::error& what);

/// The reason of an actor's end in words: "normal", "shutdown", "killed", or
/// the failure's text.
std::string describe_exit(const caf::error& reason);

/// An exit reason with words, which `describe_exit` gives back.
caf::error exit_because(caf::exit_reason code, const std::string& text);

/// The exit reason for an exception that a handler threw: `errc::internal`
/// with the exception's what().
caf::error describe_exception(std::exception_ptr thrown);

} // namespace weft
