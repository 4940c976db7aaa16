#include "runtime/launcher/log_relay.hpp"

#include <fmt/format.h>

#include <array>
#include <utility>

namespace weft::launcher {

namespace {

/// Foreground colours that are readable on dark and on light grounds.
constexpr std::array<int, 6> colours{36, 33, 32, 35, 34, 31};

} // namespace

std::string line_prefix(std::string_view node, std::size_t index,
                        std::size_t width, bool colour) {
  if (!colour)
    return fmt::format("{:<{}} | ", node, width);
  return fmt::format("\x1b[{}m{:<{}} |\x1b[0m ",
                     colours[index % colours.size()], node, width);
}

bool use_colour(const char* no_color, bool is_terminal) noexcept {
  return is_terminal && (no_color == nullptr || *no_color == '\0');
}

result<log_relay> log_relay::open(log_relay_options options) {
  auto file = rotating_file::open(options.path, options.file_bytes_max);
  if (!file)
    return pass_on(file);
  return log_relay{std::move(options), std::move(*file)};
}

log_relay::log_relay(log_relay_options options, rotating_file file)
    : options_(std::move(options)), file_(std::move(file)),
      splitter_(options_.line_bytes_max) {}

void log_relay::output(std::string_view piece) {
  splitter_.feed(piece, [this](std::string_view text) { line(text); });
}

void log_relay::process_ended() {
  splitter_.finish([this](std::string_view text) { line(text); });
}

std::vector<std::string> log_relay::tail() const {
  return {tail_.begin(), tail_.end()};
}

void log_relay::line(std::string_view text) {
  const auto written = file_.write_line(text);
  if (!written && !std::exchange(in_trouble_, true) && options_.troubled)
    options_.troubled(written.error());
  if (written)
    in_trouble_ = false;
  if (options_.print)
    options_.print(options_.prefix + std::string{text});
  tail_.emplace_back(text);
  if (tail_.size() > options_.tail_lines_max)
    tail_.pop_front();
}

} // namespace weft::launcher
