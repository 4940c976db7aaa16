#include "actors/space/answer_port.hpp"

namespace weft::actors {

namespace {

failure abandoned(bool may_be_done) {
  if (may_be_done)
    return {errc::timed_out,
            "the space was stopped or restarted on this node with the call "
            "under way; whether it was carried out is unknown"};
  return {errc::unavailable,
          "the space was stopped or restarted on this node; ask again"};
}

} // namespace

answer_port::answer_port(std::vector<bool> changing, done then)
    : changing_{std::move(changing)}, answers_(changing_.size()),
      answered_(changing_.size()), left_{changing_.size()}, then_{std::move(
                                                                then)} {}

answer_port::~answer_port() {
  const auto calls = answers_.size();
  for (std::size_t i = 0; i < calls && left_ > 0; ++i)
    if (!answered_[i])
      answer(i, {abandoned(changing_[i]), {}, {}});
}

void answer_port::answer(std::size_t index, spaces::space_answer&& what) {
  answers_[index] = std::move(what);
  answered_[index] = 1;
  if (left_.fetch_sub(1) == 1)
    then_(std::move(answers_));
}

} // namespace weft::actors
