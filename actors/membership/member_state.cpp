#include "actors/membership/member_state.hpp"

namespace weft::actors {

std::string_view to_string(member_state state) noexcept {
  switch (state) {
  case member_state::absent:
    return "absent";
  case member_state::up:
    return "up";
  case member_state::suspect:
    return "suspect";
  case member_state::down:
    return "down";
  case member_state::left:
    return "left";
  case member_state::back:
    return "back";
  }
  return "unknown";
}

} // namespace weft::actors
