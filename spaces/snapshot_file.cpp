#include "spaces/snapshot_file.hpp"

#include "runtime/base/mix.hpp"
#include "spaces/binary.hpp"
#include "spaces/byte_reader.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace weft::spaces {

namespace {

constexpr std::string_view file_magic = "weft space snapshot\n";
constexpr std::uint64_t file_version = 1;

/// A block has a part of a shard: a mebibyte of content, or one tuple.
constexpr std::uint64_t block_bytes_max = 4 * tuple_bytes_max;

/// At once from a file.
constexpr std::size_t read_bytes_max = 64 * 1024;

/// The checksum of all that came before and these bytes. Each step can be
/// undone, so that a change of up to eight bytes never goes unnoticed.
std::uint64_t add_to_checksum(std::uint64_t before, std::string_view bytes) {
  for (std::size_t i = 0; i < bytes.size(); i += sizeof(std::uint64_t)) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + i,
                std::min(sizeof word, bytes.size() - i));
    before = mixed((before ^ word) + golden_step);
  }
  return mixed(before ^ bytes.size());
}

std::string sealed(std::string bytes, std::uint64_t& checksum) {
  checksum = add_to_checksum(checksum, bytes);
  append_eight_bytes(bytes, checksum);
  return bytes;
}

result<new_tuple> read_tuple(byte_reader& from) {
  auto lease = from.number_up_to(static_cast<std::uint64_t>(lease_max.count()),
                                 "ns of a lease");
  if (!lease)
    return pass_on(lease);
  auto rest = from.rest();
  const auto before = rest.size();
  auto what = decode_tuple(rest);
  if (!what)
    return pass_on(what);
  static_cast<void>(from.bytes(before - rest.size()));
  new_tuple made{*std::move(what), std::nullopt};
  if (*lease > 0)
    made.lease = duration{static_cast<duration::rep>(*lease)};
  return made;
}

} // namespace

std::string snapshot_writer::begin() {
  std::string bytes{file_magic};
  append_eight_bytes(bytes, file_version);
  checksum_ = add_to_checksum(0, bytes);
  return bytes;
}

std::string snapshot_writer::add(std::span<const new_tuple> tuples) {
  if (tuples.empty())
    return {};
  std::string content;
  for (const auto& each : tuples) {
    const auto lease = each.lease.value_or(duration::zero());
    append_number(content, static_cast<std::uint64_t>(lease.count()));
    encode(each.what, content);
  }
  std::string block;
  append_eight_bytes(block, content.size());
  append_eight_bytes(block, tuples.size());
  tuples_ += tuples.size();
  return sealed(block + content, checksum_);
}

std::string snapshot_writer::end() {
  std::string block;
  append_eight_bytes(block, 0);
  append_eight_bytes(block, tuples_);
  return sealed(std::move(block), checksum_);
}

tl::unexpected<failure> snapshot_reader::wrong(std::string_view what) const {
  return fail(errc::invalid_argument, fmt::format("byte {}: {}", place_, what));
}

result<std::string> snapshot_reader::read_bytes(std::size_t count) {
  std::string bytes;
  // Memory follows what is there, not what the file says.
  while (bytes.size() < count) {
    const auto before = bytes.size();
    bytes.resize(std::min(count, before + read_bytes_max));
    const auto rest = std::span{bytes}.subspan(before);
    auto got = from_(rest);
    if (!got)
      return pass_on(got);
    place_ += *got;
    if (*got < rest.size())
      return wrong("the snapshot is cut off");
  }
  return bytes;
}

result<std::uint64_t> snapshot_reader::read_number() {
  auto bytes = read_bytes(sizeof(std::uint64_t));
  if (!bytes)
    return pass_on(bytes);
  return byte_reader{*bytes}.eight_bytes();
}

result<void> snapshot_reader::read_head() {
  begun_ = true;
  auto magic = read_bytes(file_magic.size());
  if (!magic && magic.error().code != errc::invalid_argument)
    return pass_on(magic);
  if (!magic || *magic != file_magic)
    return fail(errc::invalid_argument, "this is no snapshot of a space");
  auto version = read_number();
  if (!version)
    return pass_on(version);
  if (*version != file_version)
    return fail(errc::invalid_argument,
                fmt::format("this is a snapshot of version {}; only version "
                            "{} can be read",
                            *version, file_version));
  auto bytes = *magic;
  append_eight_bytes(bytes, *version);
  checksum_ = add_to_checksum(0, bytes);
  return {};
}

result<void> snapshot_reader::read_checksum() {
  auto checksum = read_number();
  if (!checksum)
    return pass_on(checksum);
  if (*checksum != checksum_)
    return wrong("the snapshot was changed: its checksum is another one");
  return {};
}

result<void> snapshot_reader::read_end(std::uint64_t tuples) {
  if (tuples != tuples_)
    return wrong(fmt::format("the snapshot should have {} tuples, it has {}",
                             tuples, tuples_));
  char more = 0;
  auto got = from_({&more, 1});
  if (!got)
    return pass_on(got);
  if (*got > 0)
    return wrong("the snapshot goes on after its end");
  return {};
}

result<std::vector<new_tuple>>
snapshot_reader::read_block(std::uint64_t bytes, std::uint64_t tuples) {
  if (bytes > block_bytes_max || tuples > bytes)
    return wrong("the snapshot was changed: a block is too large");
  auto content = read_bytes(bytes);
  if (!content)
    return pass_on(content);
  std::string head;
  append_eight_bytes(head, bytes);
  append_eight_bytes(head, tuples);
  checksum_ = add_to_checksum(checksum_, head + *content);
  if (auto good = read_checksum(); !good)
    return pass_on(good);
  std::vector<new_tuple> made;
  byte_reader from{*content};
  for (std::uint64_t i = 0; i < tuples; ++i) {
    auto one = read_tuple(from);
    if (!one)
      return wrong(one.error().message);
    made.push_back(*std::move(one));
  }
  if (from.left() > 0)
    return wrong("a block goes on after its last tuple");
  return made;
}

result<std::optional<std::vector<new_tuple>>> snapshot_reader::next() {
  using block = std::optional<std::vector<new_tuple>>;
  if (!begun_)
    if (auto head = read_head(); !head)
      return pass_on(head);
  auto bytes = read_number();
  if (!bytes)
    return pass_on(bytes);
  auto tuples = read_number();
  if (!tuples)
    return pass_on(tuples);
  if (*bytes > 0) {
    auto made = read_block(*bytes, *tuples);
    if (!made)
      return pass_on(made);
    tuples_ += made->size();
    return block{*std::move(made)};
  }
  std::string head;
  append_eight_bytes(head, 0);
  append_eight_bytes(head, *tuples);
  checksum_ = add_to_checksum(checksum_, head);
  if (auto good = read_checksum(); !good)
    return pass_on(good);
  if (auto good = read_end(*tuples); !good)
    return pass_on(good);
  return block{};
}

} // namespace weft::spaces
