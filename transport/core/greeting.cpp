#include "transport/core/greeting.hpp"

#include "runtime/base/assert.hpp"
#include "runtime/base/text.hpp"
#include "transport/core/refusal.hpp"

#include <algorithm>
#include <array>
#include <string_view>

namespace weft::transport {

namespace {

constexpr std::array<std::uint8_t, 4> magic{'w', 'e', 'f', 't'};

void append_name(std::vector<std::uint8_t>& out, const std::string& name) {
  WEFT_ASSERT(name.size() <= 64);
  out.push_back(static_cast<std::uint8_t>(name.size()));
  out.insert(out.end(), name.begin(), name.end());
}

/// Takes a length and a name off the front of `bytes`.
result<std::string> take_name(std::span<const std::uint8_t>& bytes,
                              std::string_view what) {
  if (bytes.empty() || bytes.size() - 1 < bytes[0])
    return fail(errc::invalid_argument,
                "the greeting ends within the name of the "
                    + std::string{what});
  const std::size_t size = bytes[0];
  std::string name(bytes.begin() + 1, bytes.begin() + 1 + size);
  bytes = bytes.subspan(1 + size);
  if (!is_name(name))
    return fail(errc::invalid_argument, "\"" + printable(name, 64)
                                            + "\" is no name of a "
                                            + std::string{what});
  return name;
}

} // namespace

std::vector<std::uint8_t> encode(const greeting& what) {
  const auto names = 2 + what.cluster.size() + what.node.size();
  const auto reason =
      std::min(what.reason.size(), greeting_body_bytes_max - names);
  const auto body = names + reason;
  std::vector<std::uint8_t> out{magic.begin(), magic.end()};
  out.push_back(greeting_version);
  out.push_back(static_cast<std::uint8_t>(what.answer));
  out.push_back(static_cast<std::uint8_t>(body >> 8));
  out.push_back(static_cast<std::uint8_t>(body & 0xff));
  append_name(out, what.cluster);
  append_name(out, what.node);
  out.insert(out.end(), what.reason.begin(), what.reason.begin() + reason);
  return out;
}

result<greeting_header>
decode_header(std::span<const std::uint8_t, greeting_header_bytes> bytes) {
  if (!std::equal(magic.begin(), magic.end(), bytes.begin()))
    return fail(errc::invalid_argument, "this is no greeting of weft");
  if (bytes[4] != greeting_version)
    return fail(errc::invalid_argument,
                "the greeting has version " + std::to_string(bytes[4])
                    + ", expected " + std::to_string(greeting_version)
                    + ": run the same version of weft on every node");
  if (bytes[5] > static_cast<std::uint8_t>(verdict::busy))
    return fail(errc::invalid_argument, "the greeting's verdict is "
                                            + std::to_string(bytes[5])
                                            + ", expected 0 to 2");
  const std::size_t body = std::size_t{bytes[6]} << 8 | bytes[7];
  if (body > greeting_body_bytes_max)
    return fail(errc::invalid_argument,
                "the greeting has " + std::to_string(body)
                    + " bytes, expected at most "
                    + std::to_string(greeting_body_bytes_max));
  return greeting_header{static_cast<verdict>(bytes[5]), body};
}

result<greeting> decode_body(const greeting_header& header,
                             std::span<const std::uint8_t> bytes) {
  WEFT_ASSERT(bytes.size() == header.body_bytes);
  auto cluster = take_name(bytes, "cluster");
  if (!cluster)
    return pass_on(cluster);
  auto node = take_name(bytes, "node");
  if (!node)
    return pass_on(node);
  return greeting{header.answer, *cluster, *node,
                  std::string(bytes.begin(), bytes.end())};
}

} // namespace weft::transport
