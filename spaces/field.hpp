#pragma once

#include "spaces/cell.hpp"
#include "spaces/value.hpp"

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

namespace weft::spaces {

/// A field as it lies in a tuple: a view that is valid as long as any copy of
/// the tuple is. An accessor must be that of the field's type.
class field {
public:
  field(const cell& at, const char* outside) : cell_{&at}, outside_{outside} {}

  field_type type() const { return static_cast<field_type>(cell_->kind); }

  bool as_bool() const { return cell_->second_word() != 0; }
  std::int64_t as_i64() const {
    return static_cast<std::int64_t>(cell_->second_word());
  }
  double as_f64() const { return std::bit_cast<double>(cell_->second_word()); }
  /// The text of a string, the bytes of bytes.
  std::string_view as_text() const { return text_of(*cell_, outside_); }
  std::span<const double> as_array() const {
    return {reinterpret_cast<const double*>(outside_ + cell_->offset()),
            cell_->size()};
  }

  /// Elements of a list.
  std::size_t size() const { return cell_->size(); }
  field element(std::size_t index) const {
    const auto* cells =
        reinterpret_cast<const cell*>(outside_ + cell_->offset());
    return {cells[index], outside_};
  }

  /// A copy that stands for itself. Cost: linear in the content.
  value to_value() const;

  friend bool operator==(const field& a, const field& b) {
    return equal(*a.cell_, a.outside_, *b.cell_, b.outside_);
  }

  const cell& at() const { return *cell_; }
  const char* outside() const { return outside_; }

private:
  const cell* cell_;
  const char* outside_;
};

} // namespace weft::spaces
