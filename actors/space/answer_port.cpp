#include "actors/space/answer_port.hpp"

namespace weft::actors {

answer_port::answer_port(std::size_t calls, done then)
    : answers_(calls), answered_(calls), left_{calls}, then_{std::move(then)} {}

answer_port::~answer_port() {
  const auto calls = answers_.size();
  for (std::size_t i = 0; i < calls && left_ > 0; ++i)
    if (!answered_[i])
      answer(i, {failure{errc::unavailable,
                         "the space was stopped or restarted on this node; "
                         "whether the call was carried out is unknown"},
                 {},
                 {}});
}

void answer_port::answer(std::size_t index, spaces::space_answer&& what) {
  answers_[index] = std::move(what);
  answered_[index] = 1;
  if (left_.fetch_sub(1) == 1)
    then_(std::move(answers_));
}

} // namespace weft::actors
