#pragma once

#include "spaces/client_core.hpp"

#include <string>
#include <string_view>

/// How the frames of a session travel between nodes: as in binary.hpp, numbers
/// are LEB128, signed ones zigzag; a variant is a byte with its index, an
/// optional a byte 0 or 1, a list its length, a duration its nanoseconds.
namespace weft::spaces {

std::string to_binary(const call_frame& what);
std::string to_binary(const reply_frame& what);

/// Any bytes may come: fails with `invalid_argument` when they are none, or
/// have tuples above a limit or more than 65,536 items; what a shard would
/// refuse is for the shard. Allocates less than a hundred times the bytes, and
/// 32 MiB. Cost: linear.
result<call_frame> call_frame_from_binary(std::string_view bytes);
result<reply_frame> reply_frame_from_binary(std::string_view bytes);

} // namespace weft::spaces
