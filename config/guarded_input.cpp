#include "config/guarded_input.hpp"

#include <algorithm>

namespace weft::config {

guarded_input::guarded_input(const std::string& text, const std::size_t& events)
    : text_(text), events_(events) {}

guarded_input::int_type guarded_input::underflow() {
  if (served_ == text_.size())
    return traits_type::eof();
  if (events_ != known_events_) {
    known_events_ = events_;
    served_at_event_ = served_;
  }
  if (served_ - served_at_event_ > silent_bytes_max)
    throw excess{};
  constexpr std::size_t chunk_bytes = 4096;
  const auto size = std::min(chunk_bytes, text_.size() - served_);
  // The get area is only read, as no function here puts back a byte.
  auto* begin = const_cast<char*>(text_.data() + served_);
  setg(begin, begin, begin + size);
  served_ += size;
  return traits_type::to_int_type(*begin);
}

} // namespace weft::config
