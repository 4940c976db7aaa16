#include "actors/space/space.hpp"
#include "actors/space/space_file.hpp"
#include "runtime/base/draft_file.hpp"
#include "spaces/carrier.hpp"

#include <fmt/format.h>

namespace weft {

namespace {

/// Writes the tuples of one shard.
result<void> save_shard(const space& from, std::uint32_t shard,
                        spaces::snapshot_writer& writer, draft_file& into) {
  spaces::any_call next = spaces::call::list{};
  while (true) {
    auto part = from.perform<spaces::reply::carried>(std::move(next), shard);
    if (!part)
      return pass_on(part);
    if (auto written = into.write(writer.add(part->tuples)); !written)
      return written;
    if (!part->more)
      return {};
    next = spaces::call::next_part{part->list_number};
  }
}

tl::unexpected<failure> about_file(const std::string& path,
                                   const failure& why) {
  return why.code == errc::invalid_argument
             ? fail(why.code, fmt::format("{}: {}", path, why.message))
             : tl::unexpected(why);
}

/// Reads all of it, so that nothing is written from a file that has mistakes.
result<void> check_snapshot(const std::string& path) {
  auto reader = actors::open_snapshot(path);
  if (!reader)
    return pass_on(reader);
  while (true) {
    const auto block = reader->next();
    if (!block)
      return about_file(path, block.error());
    if (!*block)
      return {};
  }
}

/// Writes a block; `written` is raised by what got there.
result<void> restore_block(const space& to, const spaces::routing& where,
                           std::vector<spaces::new_tuple> tuples,
                           std::uint64_t& written) {
  std::vector<actors::space_request> calls;
  for (auto& [shard, some] : spaces::by_shard(std::move(tuples), where))
    calls.push_back({spaces::call::write{std::move(some)}, {}});
  result<void> done;
  for (auto& answer : to.perform_all(std::move(calls))) {
    const auto keys =
        actors::meaning<std::vector<tuple_key>>(std::move(answer), 0);
    if (keys)
      written += keys->size();
    else
      done = tl::unexpected(keys.error());
  }
  return done;
}

} // namespace

result<std::uint64_t> space::snapshot(const std::string& path) const {
  auto file = draft_file::create(path);
  if (!file)
    return pass_on(file);
  spaces::snapshot_writer writer;
  if (auto begun = file->write(writer.begin()); !begun)
    return pass_on(begun);
  const auto shards = static_cast<std::uint32_t>(doors_->where.shards());
  for (std::uint32_t shard = 0; shard < shards; ++shard)
    if (auto saved = save_shard(*this, shard, writer, *file); !saved)
      return pass_on(saved);
  if (auto ended = file->write(writer.end()); !ended)
    return pass_on(ended);
  if (auto finished = file->finish(); !finished)
    return pass_on(finished);
  return writer.tuples();
}

result<std::uint64_t> space::restore(const std::string& path) const {
  if (auto good = check_snapshot(path); !good)
    return pass_on(good);
  auto reader = actors::open_snapshot(path);
  if (!reader)
    return pass_on(reader);
  std::uint64_t written = 0;
  const auto stopped = [&](const failure& why) {
    return fail(why.code, fmt::format("{}; {} tuples were restored before",
                                      why.message, written));
  };
  while (true) {
    auto block = reader->next();
    if (!block)
      return stopped(block.error());
    if (!*block)
      return written;
    if (auto done =
            restore_block(*this, doors_->where, *std::move(*block), written);
        !done)
      return stopped(done.error());
  }
}

} // namespace weft
