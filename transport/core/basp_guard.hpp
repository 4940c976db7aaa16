#pragma once

#include "transport/core/basp_judge.hpp"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

namespace weft::transport {

/// Follows what a peer sends after the greetings, message by message, in
/// whatever cuts the bytes come, and lets only those through that its judge
/// passes. The start of each message goes through a buffer here, the rest of
/// a long one from the stream to the reader directly. Pure, not thread-safe.
///
/// Whoever reads asks in this order: `take`, `refused`, `passing`, `room`.
class basp_guard {
public:
  static constexpr std::size_t buffer_bytes = 16 * 1024;

  /// `unreachable` is the payload that answers requests which were to be
  /// passed on.
  basp_guard(basp_judge judge, std::vector<std::uint8_t> unreachable)
      : judge_{std::move(judge)}, unreachable_{std::move(unreachable)},
        buffer_(buffer_bytes) {}

  /// Moves bytes that have passed to `to`; 0 when there are none.
  std::size_t take(std::span<std::uint8_t> to);

  /// Why the connection has to end.
  const std::optional<refusal>& refused() const { return refused_; }

  /// So many bytes of the stream have passed unread, and go to the reader;
  /// `passed` tells how many did. Zero unless `take` has moved all it has.
  std::size_t passing() const { return ready_ > 0 ? 0 : passing_; }
  void passed(std::size_t bytes);

  /// Where the next bytes of the stream go, once `take` and `passing` give
  /// nothing; `received` tells how many did. Never empty.
  std::span<std::uint8_t> room();
  void received(std::size_t bytes);

  /// Why the last message was skipped, once.
  std::optional<refusal> take_skipped() {
    return std::exchange(skipped_, std::nullopt);
  }

  /// Messages for the peer, in answer to what it sent.
  std::vector<std::uint8_t> take_answers() {
    return std::exchange(answers_, {});
  }

  /// Bytes in the buffer, judged or not.
  std::size_t held() const { return end_ - begin_; }

private:
  void advance();
  bool skip_held();
  bool judge_next();
  void act_on(basp_verdict verdict, const basp_header& header);

  basp_judge judge_;
  std::vector<std::uint8_t> unreachable_;
  /// What is held is from `begin_` to `end_`; the first `ready_` have passed.
  std::vector<std::uint8_t> buffer_;
  std::size_t begin_ = 0;
  std::size_t end_ = 0;
  std::size_t ready_ = 0;
  /// Of the present message, after what is held of it.
  std::size_t passing_ = 0;
  std::size_t skipping_ = 0;
  std::optional<refusal> refused_;
  std::optional<refusal> skipped_;
  std::vector<std::uint8_t> answers_;
};

} // namespace weft::transport
