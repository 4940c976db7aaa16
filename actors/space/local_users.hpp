#pragma once

#include "actors/space/answer_port.hpp"

#include <memory>
#include <unordered_map>
#include <utility>

namespace weft::actors {

/// The calls of a node's users that an actor has taken and not answered. A
/// member of the actor's state.
class local_users {
public:
  /// The answer to the call is owed from now on.
  void expect(const local_calls& by, const local_call& call) {
    open_[by.user][call.number] = {by.to, call.index};
  }

  /// Answers an expected call; nothing happens when nobody waits for it.
  void answer(std::uint64_t user, spaces::call_number number,
              spaces::space_answer&& with) {
    const auto waits = take(user, number);
    if (waits.to)
      waits.to->answer(waits.index, std::move(with));
  }

  /// The user does not wait for the call any more; its port says so.
  void forget(std::uint64_t user, spaces::call_number number) {
    take(user, number);
  }

  /// The user is gone.
  void forget(std::uint64_t user) { open_.erase(user); }

private:
  struct open_answer {
    std::shared_ptr<answer_port> to;
    std::uint32_t index = 0;
  };

  /// What is owed to a call, and owed no more; null if nothing is.
  open_answer take(std::uint64_t user, spaces::call_number number) {
    const auto calls = open_.find(user);
    if (calls == open_.end())
      return {};
    const auto waits = calls->second.find(number);
    if (waits == calls->second.end())
      return {};
    auto taken = std::move(waits->second);
    calls->second.erase(waits);
    if (calls->second.empty())
      open_.erase(calls);
    return taken;
  }

  std::unordered_map<std::uint64_t,
                     std::unordered_map<spaces::call_number, open_answer>>
      open_;
};

} // namespace weft::actors
