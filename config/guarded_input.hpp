#pragma once

#include <cstddef>
#include <streambuf>
#include <string>

namespace weft::config {

/// Feeds a text to yaml-cpp, whose scanner reads to the end of a list or map
/// in brackets before it says anything of it, and keeps up to 240 bytes a
/// character meanwhile. Ends that when it reads too far ahead.
class guarded_input final : public std::streambuf {
public:
  /// Bytes that may be read without an event: a value, or a list or map in
  /// brackets, is no longer than this.
  static constexpr std::size_t silent_bytes_max = 1u << 20;

  /// Thrown when the limit is exceeded.
  struct excess {};

  /// `events` is the number of events so far; it and `text` must outlive the
  /// input.
  guarded_input(const std::string& text, const std::size_t& events);

protected:
  int_type underflow() override;

private:
  const std::string& text_;
  const std::size_t& events_;
  std::size_t served_ = 0;
  std::size_t known_events_ = 0;
  std::size_t served_at_event_ = 0;
};

} // namespace weft::config
