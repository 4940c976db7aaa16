#include "runtime/observe/log_record.hpp"

#include "runtime/base/utf8.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <array>
#include <iterator>

namespace weft::observe {

namespace {

/// UTC with milliseconds, as in RFC 3339.
std::string time_text(std::chrono::system_clock::time_point time) {
  using namespace std::chrono;
  const auto day = floor<days>(time);
  const year_month_day date{day};
  const hh_mm_ss clock{floor<milliseconds>(time - day)};
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z",
                     static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()),
                     static_cast<unsigned>(date.day()), clock.hours().count(),
                     clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

std::string cut(std::string_view text) {
  const auto kept = utf8_prefix(text, log_text_bytes_max);
  std::string out{kept};
  if (kept.size() < text.size())
    fmt::format_to(std::back_inserter(out), "...(+{} bytes)",
                   text.size() - kept.size());
  return out;
}

/// True for the C1 controls U+0080 to U+009F, which terminals obey too.
bool is_c1_control(std::string_view sequence) {
  return sequence.size() == 2 && sequence[0] == '\xC2'
         && static_cast<std::uint8_t>(sequence[1]) < 0xA0;
}

/// Appends one character, escaped unless it is harmless.
void append_character(std::string& out, std::string_view sequence,
                      bool quoted) {
  const char c = sequence.front();
  if (sequence.size() > 1) {
    if (is_c1_control(sequence))
      fmt::format_to(std::back_inserter(out), "\\u{:04x}",
                     static_cast<std::uint8_t>(sequence[1]));
    else
      out += sequence;
  } else if (c == '\n') {
    out += "\\n";
  } else if (c == '\r') {
    out += "\\r";
  } else if (c == '\t') {
    out += "\\t";
  } else if (c == '\\') {
    out += "\\\\";
  } else if (c == '"' && quoted) {
    out += "\\\"";
  } else if (c >= 0 && c < ' ') {
    fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                   static_cast<unsigned>(c));
  } else if (c == '\x7f') {
    out += "\\x7f";
  } else {
    out += c;
  }
}

std::string escaped(std::string_view text, bool quoted) {
  std::string out;
  out.reserve(text.size() + 2);
  while (!text.empty()) {
    const auto length = utf8_sequence_bytes(text);
    if (length == 0)
      fmt::format_to(std::back_inserter(out), "\\x{:02x}",
                     static_cast<std::uint8_t>(text.front()));
    else
      append_character(out, text.substr(0, length), quoted);
    text.remove_prefix(std::max<std::size_t>(length, 1));
  }
  return out;
}

/// True for what can stand without quotes and be told from its neighbours.
bool is_plain(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
           || (c >= '0' && c <= '9')
           || std::string_view{"_-./:@+,%#*~"}.find(c)
                  != std::string_view::npos;
  });
}

std::string plain_or_quoted(std::string_view text) {
  if (is_plain(text))
    return std::string{text};
  return fmt::format("\"{}\"", escaped(text, true));
}

std::string text_of(const field::value_type& value) {
  return std::visit(
      [](const auto& held) -> std::string {
        if constexpr (std::is_same_v<decltype(held), const std::string_view&>)
          return plain_or_quoted(cut(held));
        else
          return fmt::format("{}", held);
      },
      value);
}

std::string text_line(const log_record& record, std::span<const field> fields) {
  auto line =
      fmt::format("{} {} {} {}: {}", time_text(record.time),
                  record.node.empty() ? "-" : plain_or_quoted(record.node),
                  to_string(record.level), plain_or_quoted(record.component),
                  escaped(cut(record.message), false));
  for (const auto& each : fields)
    fmt::format_to(std::back_inserter(line), " {}={}",
                   plain_or_quoted(cut(each.key)), text_of(each.value));
  if (fields.size() < record.fields.size())
    fmt::format_to(std::back_inserter(line), " fields_dropped={}",
                   record.fields.size() - fields.size());
  return line;
}

std::string json_key(std::string_view key) {
  constexpr std::array<std::string_view, 5> taken{"ts", "level", "node",
                                                  "component", "msg"};
  auto name = cut(key);
  if (std::find(taken.begin(), taken.end(), name) != taken.end())
    name += '_';
  return name;
}

std::string json_line(const log_record& record, std::span<const field> fields) {
  nlohmann::ordered_json line{{"ts", time_text(record.time)},
                              {"level", to_string(record.level)},
                              {"node", record.node},
                              {"component", record.component},
                              {"msg", cut(record.message)}};
  for (const auto& each : fields) {
    auto& place = line[json_key(each.key)];
    std::visit(
        [&](const auto& held) {
          if constexpr (std::is_same_v<decltype(held), const std::string_view&>)
            place = cut(held);
          else
            place = held;
        },
        each.value);
  }
  if (fields.size() < record.fields.size())
    line["fields_dropped"] = record.fields.size() - fields.size();
  // All but ASCII is escaped too, since there are more characters that end a
  // line or steer a terminal than U+000A.
  auto text = line.dump(-1, ' ', true,
                        nlohmann::ordered_json::error_handler_t::replace);
  return text;
}

} // namespace

std::string_view to_string(log_level level) noexcept {
  switch (level) {
  case log_level::trace:
    return "trace";
  case log_level::debug:
    return "debug";
  case log_level::info:
    return "info";
  case log_level::warning:
    return "warning";
  case log_level::error:
    return "error";
  case log_level::off:
    return "off";
  }
  return "unknown";
}

std::string format_log_line(log_format format, const log_record& record) {
  const auto fields =
      record.fields.first(std::min(record.fields.size(), log_fields_max));
  return format == log_format::json ? json_line(record, fields)
                                    : text_line(record, fields);
}

} // namespace weft::observe
