#pragma once

#include "runtime/base/result.hpp"

#include <cstdint>
#include <string>
#include <string_view>

namespace weft::bench {

/// The program that runs, whatever it is called.
inline constexpr const char* this_program = "/proc/self/exe";

inline constexpr const char* loopback = "127.0.0.1";

/// The path of a program in PATH; empty when there is none.
std::string find_program(std::string_view name);

/// The first word that begins with a digit: the version in what a program says
/// of itself. Empty without one.
std::string first_number(std::string_view text);

/// A TCP port of loopback that nobody uses now. Fails with `io`.
result<std::uint16_t> find_free_port();

/// Whether somebody listens on this port of loopback.
bool accepts_connections(std::uint16_t port);

} // namespace weft::bench
