#include "transport/core/basp_guard.hpp"

#include "runtime/base/assert.hpp"

#include <algorithm>
#include <utility>

namespace weft::transport {

std::size_t basp_guard::take(std::span<std::uint8_t> to) {
  const auto bytes = std::min(ready_, to.size());
  std::copy_n(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_), bytes,
              to.begin());
  begin_ += bytes;
  ready_ -= bytes;
  if (bytes > 0)
    advance();
  return bytes;
}

void basp_guard::passed(std::size_t bytes) {
  WEFT_ASSERT(bytes <= passing());
  passing_ -= bytes;
}

std::span<std::uint8_t> basp_guard::room() {
  WEFT_ASSERT(ready_ == 0 && passing_ == 0);
  std::copy(buffer_.begin() + static_cast<std::ptrdiff_t>(begin_),
            buffer_.begin() + static_cast<std::ptrdiff_t>(end_),
            buffer_.begin());
  end_ -= std::exchange(begin_, 0);
  return std::span{buffer_}.subspan(end_);
}

void basp_guard::received(std::size_t bytes) {
  WEFT_ASSERT(bytes <= buffer_.size() - end_);
  end_ += bytes;
  advance();
}

/// Judges messages until one passes, or needs more bytes, or is the last.
void basp_guard::advance() {
  while (ready_ == 0 && passing_ == 0 && !refused_) {
    if (!skip_held() || !judge_next())
      return;
  }
}

/// False when the stream has more of what is skipped.
bool basp_guard::skip_held() {
  const auto bytes = std::min(skipping_, held());
  begin_ += bytes;
  skipping_ -= bytes;
  return skipping_ == 0;
}

/// False when not enough of the message is held.
bool basp_guard::judge_next() {
  const auto bytes = std::span{buffer_}.subspan(begin_, held());
  if (bytes.size() < basp_header_bytes)
    return false;
  const auto header = decode_basp_header(bytes.first<basp_header_bytes>());
  if (!header) {
    refused_ = {refusal_kind::garbled, "it sends what CAF does not know"};
    return true;
  }
  const auto telling = std::min<std::size_t>(header->payload_bytes,
                                             telling_bytes(header->operation));
  if (bytes.size() < basp_header_bytes + telling)
    return false;
  act_on(judge_.judge(*header, bytes.subspan(basp_header_bytes, telling)),
         *header);
  return true;
}

void basp_guard::act_on(basp_verdict verdict, const basp_header& header) {
  const auto message = basp_header_bytes + header.payload_bytes;
  switch (verdict.fate) {
  case basp_fate::pass:
    ready_ = std::min(held(), message);
    passing_ = message - ready_;
    break;
  case basp_fate::skip:
    skipping_ = message;
    if (!verdict.why.text.empty())
      skipped_ = std::move(verdict.why);
    if (!verdict.answered)
      break;
    if (const auto answer = answer_to(
            header, static_cast<std::uint32_t>(unreachable_.size()))) {
      append(answers_, *answer);
      answers_.insert(answers_.end(), unreachable_.begin(), unreachable_.end());
    }
    break;
  case basp_fate::refuse:
    refused_ = std::move(verdict.why);
    break;
  }
}

} // namespace weft::transport
