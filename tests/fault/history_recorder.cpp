#include "tests/fault/history_recorder.hpp"

#include <fmt/format.h>

#include <cerrno>
#include <fcntl.h>
#include <system_error>
#include <unistd.h>

namespace weft::fault {

namespace {

using checkers::record;
using checkers::record_kind;

[[noreturn]] void give_up(const std::string& what) {
  throw std::system_error{errno, std::generic_category(), what};
}

record leader(record_kind kind, std::size_t count) {
  return {.kind = kind,
          .number = static_cast<std::uint32_t>(count),
          .value = now()};
}

} // namespace

history_recorder::history_recorder(const recorder_options& options) {
  while (file_ < 0) {
    const auto path =
        fmt::format("{}/client-{}.history", options.folder, ++number_);
    file_ = open(path.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    if (file_ < 0 && errno != EEXIST)
      give_up(path);
  }
  waiting_.push_back(
      {.kind = record_kind::opening,
       .code = static_cast<std::uint8_t>(options.drains),
       .group = options.groups,
       .number = static_cast<std::uint32_t>(getpid()),
       .value = static_cast<std::uint64_t>(options.lease.count())});
  flush();
}

history_recorder::~history_recorder() {
  ::close(file_);
}

void history_recorder::ask(const std::vector<record>& calls) {
  waiting_.push_back(leader(record_kind::asked, calls.size()));
  waiting_.insert(waiting_.end(), calls.begin(), calls.end());
  flush();
}

void history_recorder::answer(const std::vector<record>& answers) {
  waiting_.push_back(leader(record_kind::answered, answers.size()));
  waiting_.insert(waiting_.end(), answers.begin(), answers.end());
}

void history_recorder::close() {
  waiting_.push_back({.kind = record_kind::closing});
  flush();
}

void history_recorder::flush() {
  const auto* from = reinterpret_cast<const char*>(waiting_.data());
  auto left = waiting_.size() * sizeof(record);
  while (left > 0) {
    const auto written = write(file_, from, left);
    if (written < 0 && errno != EINTR)
      give_up("a history");
    if (written > 0) {
      from += written;
      left -= static_cast<std::size_t>(written);
    }
  }
  waiting_.clear();
}

} // namespace weft::fault
