#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <string>
#include <unordered_map>
#include <utility>

namespace weft::actors {

/// What makes requests idempotent: the requests under way and the last answers,
/// by request id. The caller bounds the requests under way.
template <class Answer>
class request_memory {
public:
  enum class standing : std::uint8_t {
    /// Not seen, or forgotten by now.
    fresh,
    in_progress,
    answered,
    /// The id was used for a request with other content.
    conflicting,
  };

  explicit request_memory(std::size_t answers_max)
      : answers_max_{answers_max} {}

  /// `content` is a hash of all that the request says.
  standing look_up(const std::string& id, std::size_t content) const {
    const auto found = requests_.find(id);
    if (found == requests_.end())
      return standing::fresh;
    if (found->second.content != content)
      return standing::conflicting;
    return found->second.done ? standing::answered : standing::in_progress;
  }

  void begin(const std::string& id, std::size_t content) {
    requests_[id] = {content, false, {}};
  }

  /// Remembers the answer; the oldest one beyond the limit is forgotten.
  void finish(const std::string& id, Answer answer) {
    const auto found = requests_.find(id);
    if (found == requests_.end() || found->second.done)
      return;
    found->second.done = true;
    found->second.answer = std::move(answer);
    answered_.push_back(id);
    if (answered_.size() <= answers_max_)
      return;
    requests_.erase(answered_.front());
    answered_.pop_front();
  }

  /// Makes the requests under way fresh again: nobody will finish them.
  void forget_unfinished() {
    std::erase_if(requests_,
                  [](const auto& each) { return !each.second.done; });
  }

  /// Only for a request that `look_up` called answered.
  const Answer& answer(const std::string& id) const {
    return requests_.at(id).answer;
  }

private:
  struct request {
    std::size_t content = 0;
    bool done = false;
    Answer answer;
  };

  std::size_t answers_max_;
  std::unordered_map<std::string, request> requests_;
  std::deque<std::string> answered_;
};

} // namespace weft::actors
