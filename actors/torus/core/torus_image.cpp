#include "actors/torus/core/torus_image.hpp"

#include "runtime/base/mix.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <concepts>
#include <cstring>
#include <type_traits>

namespace weft::torus {

namespace {

static_assert(std::endian::native == std::endian::little,
              "numbers are copied as they lie in memory");

constexpr std::uint64_t magic = 0x73726F7474666577; // "wefttors"
constexpr std::uint32_t version = 1;

/// Every bit of the bytes counts, and their order and number.
std::uint64_t checksum(std::span<const std::byte> bytes) {
  auto sum = mixed(golden_step + bytes.size());
  for (std::size_t at = 0; at < bytes.size(); at += sizeof sum) {
    std::uint64_t word = 0;
    std::memcpy(&word, bytes.data() + at,
                std::min(sizeof word, bytes.size() - at));
    sum = mixed(sum + golden_step + word);
  }
  return sum;
}

template <class T>
concept number = std::integral<T> || std::same_as<T, std::byte>;

/// Both ways through an image, so that what is read is what was written:
/// `archive(member)...` with the members in their order.
template <class Archive, class Image>
bool pass(Archive& archive, Image& image) {
  auto& [size, torus, tori, model, now, counters, sites, records, edges,
         events] = image;
  auto& [created, accepted, processed, sent, refused, corrections, violations,
         last_event] = counters;
  return archive(size.x, size.y, size.z, torus, tori, model, now, created,
                 accepted, processed, sent, refused, corrections, violations,
                 last_event, sites, records, edges, events);
}

template <class Archive, class Part>
requires std::same_as<std::remove_const_t<Part>, torus_image::site_part>
bool pass(Archive& archive, Part& part) {
  return archive(part.state, part.random);
}

template <class Archive, class Part>
requires std::same_as<std::remove_const_t<Part>, torus_image::edge_part>
bool pass(Archive& archive, Part& part) {
  return archive(part.site, part.to, part.delay);
}

template <class Archive, class Event>
requires std::same_as<std::remove_const_t<Event>, event>
bool pass(Archive& archive, Event& one) {
  return archive(one.time, one.destination, one.source, one.payload);
}

class writer {
public:
  template <class... Members>
  bool operator()(const Members&... members) {
    (write(members), ...);
    return true;
  }

  std::vector<std::byte> bytes;

private:
  template <class T>
  void write(const T& member) {
    if constexpr (number<T>) {
      const auto* begin = reinterpret_cast<const std::byte*>(&member);
      bytes.insert(bytes.end(), begin, begin + sizeof member);
    } else if constexpr (requires { member.size(); }) {
      write(std::uint64_t{member.size()});
      for (const auto& one : member)
        write(one);
    } else {
      pass(*this, member);
    }
  }
};

class reader {
public:
  explicit reader(std::span<const std::byte> bytes) : rest_{bytes} {}

  template <class... Members>
  bool operator()(Members&... members) {
    return (read(members) && ...);
  }

  bool at_end() const { return rest_.empty(); }

private:
  template <class T>
  bool read(T& member) {
    if constexpr (number<T>) {
      if (rest_.size() < sizeof member)
        return false;
      std::memcpy(&member, rest_.data(), sizeof member);
      rest_ = rest_.subspan(sizeof member);
      return true;
    } else if constexpr (requires { member.size(); }) {
      std::uint64_t size = 0;
      // No element has less than a byte: a wrong size takes no memory.
      if (!read(size) || size > rest_.size())
        return false;
      member.resize(size);
      return std::all_of(member.begin(), member.end(),
                         [&](auto& one) { return read(one); });
    } else {
      return pass(*this, member);
    }
  }

  std::span<const std::byte> rest_;
};

tl::unexpected<failure> damaged(std::string how) {
  return fail(errc::invalid_argument,
              "image of a torus is damaged: " + std::move(how));
}

} // namespace

std::vector<std::byte> encoded(const torus_image& image) {
  writer archive;
  archive(magic, version, image);
  archive(checksum(archive.bytes));
  return std::move(archive.bytes);
}

result<torus_image> decoded(std::span<const std::byte> bytes) {
  std::uint64_t word = 0;
  std::uint32_t made_by = 0;
  reader archive{bytes};
  if (!archive(word, made_by) || word != magic)
    return fail(errc::invalid_argument,
                fmt::format("{} bytes are no image of a torus", bytes.size()));
  if (made_by != version)
    return fail(errc::invalid_argument,
                fmt::format("image of a torus has version {}: expected {}",
                            made_by, version));
  torus_image image;
  if (!archive(image))
    return damaged(fmt::format("{} bytes are too few", bytes.size()));
  const auto sum = checksum(
      bytes.first(bytes.size() - std::min(bytes.size(), std::size_t{8})));
  if (!archive(word) || !archive.at_end() || word != sum)
    return damaged("its checksum is wrong");
  return image;
}

} // namespace weft::torus
