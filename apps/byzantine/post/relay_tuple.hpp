#pragma once

#include "apps/byzantine/core/relay.hpp"
#include "runtime/base/result.hpp"
#include "spaces/pattern.hpp"
#include "spaces/tuple.hpp"

#include <cstddef>
#include <cstdint>

/// How generals' messages lie in a tuple space, one tuple for one recipient:
///
///     ("relay", instance, round, [path...], from, to, "attack", signatures)
///
/// Numbers are i64, an instance above its range is negative there; signatures
/// are 64 bytes each, one after the other.
namespace weft::byzantine {

/// Fields of the tuple.
inline constexpr std::size_t relay_fields = 8;

/// The field with the recipient. A space that routes by it keeps all mail of a
/// general on one shard, and a batch of mail for him can be written at once.
inline constexpr std::size_t recipient_field = 5;

/// Mail from `sender`, whatever the message itself says of that.
spaces::tuple to_tuple(const relay& what, general_id sender);

/// Its `from` is the sender. Fails with `invalid_argument` for a tuple that is
/// no mail; whether the message makes sense is the general's to judge.
result<relay> from_tuple(const spaces::tuple& mail);

/// All mail for one general.
spaces::pattern mail_for(std::uint64_t instance, general_id to);

/// All mail of a run.
spaces::pattern mail_of(std::uint64_t instance);

} // namespace weft::byzantine
