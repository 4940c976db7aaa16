#pragma once

#include "runtime/base/result.hpp"
#include "spaces/space_types.hpp"

#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// The tuples of a space as a file, for whichever number of shards.
///
/// All numbers are little-endian and of 8 bytes, but those within a block,
/// which are LEB128.
///
///     file      "weft space snapshot\n", the version, then blocks
///     block     its bytes, its tuples, then the bytes: for each tuple what is
///               left of its lease in ns (0: none) and its encoding (see
///               binary.hpp); a checksum of all of the file before it
///     last one  0, the tuples of the file, the checksum
namespace weft::spaces {

class snapshot_writer {
public:
  /// What the file begins with.
  std::string begin();
  /// A block of these; nothing for none.
  std::string add(std::span<const new_tuple> tuples);
  /// What it ends with; without it the file is refused.
  std::string end();

  std::uint64_t tuples() const { return tuples_; }

private:
  std::uint64_t checksum_ = 0;
  std::uint64_t tuples_ = 0;
};

/// Reads what a `snapshot_writer` has made; any bytes may come.
class snapshot_reader {
public:
  /// Fills the span from the file and says how much it got, less only at its
  /// end.
  using source = std::function<result<std::size_t>(std::span<char>)>;

  explicit snapshot_reader(source from) : from_{std::move(from)} {}

  /// The next block; nothing at the end of the file. Fails with
  /// `invalid_argument` for a file of another kind or version, one that is cut
  /// off or goes on, and one that was changed; and like the source. Memory: a
  /// block.
  result<std::optional<std::vector<new_tuple>>> next();

  /// So far.
  std::uint64_t tuples() const { return tuples_; }

private:
  result<void> read_head();
  result<std::string> read_bytes(std::size_t count);
  result<std::uint64_t> read_number();
  result<void> read_checksum();
  result<void> read_end(std::uint64_t tuples);
  result<std::vector<new_tuple>> read_block(std::uint64_t bytes,
                                            std::uint64_t tuples);
  tl::unexpected<failure> wrong(std::string_view what) const;

  source from_;
  bool begun_ = false;
  std::uint64_t checksum_ = 0;
  /// Read so far.
  std::uint64_t place_ = 0;
  std::uint64_t tuples_ = 0;
};

} // namespace weft::spaces
