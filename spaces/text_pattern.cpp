#include "spaces/text_pattern.hpp"

#include "spaces/text.hpp"
#include "spaces/text_scanner.hpp"

#include <fmt/format.h>

namespace weft::spaces {

namespace {

using failed = tl::unexpected<failure>;

std::optional<matcher> spelled_type(std::string_view text) {
  if (!text.ends_with(":_"))
    return std::nullopt;
  const auto type = field_type_of(text.substr(0, text.size() - 2));
  if (!type)
    return std::nullopt;
  return match::type{*type};
}

std::optional<matcher> spelled_range(std::string_view text) {
  const auto dots = text.find("..");
  if (dots == std::string_view::npos || text.size() == 2)
    return std::nullopt;
  match::range range;
  if (const auto from = text.substr(0, dots); !from.empty()) {
    range.from = parse_number(from);
    if (!range.from)
      return std::nullopt;
  }
  if (const auto to = text.substr(dots + 2); !to.empty()) {
    range.to = parse_number(to);
    if (!range.to)
      return std::nullopt;
  }
  return range;
}

/// Reads a pattern: values as the scanner does, and matchers.
class pattern_reader {
public:
  explicit pattern_reader(std::string_view text) : scanner_{text} {}

  result<pattern> read() {
    if (auto opened = scanner_.expect("[", "[ of an array"); !opened)
      return pass_on(opened);
    if (!scanner_.skip("]")) {
      do {
        if (auto added = read_item(); !added)
          return pass_on(added);
      } while (!open_ && scanner_.skip(","));
      const auto* what = open_ ? "] behind ..." : "a comma or ]";
      if (auto closed = scanner_.expect("]", what); !closed)
        return pass_on(closed);
    }
    if (!scanner_.at_end())
      return scanner_.expected("the end");
    return make();
  }

private:
  result<pattern> make() {
    auto made = pattern::make(matchers_, open_);
    if (made)
      return made;
    const std::string_view message = made.error().message;
    constexpr std::string_view position = "position ";
    if (!message.starts_with(position))
      return scanner_.wrong(0, std::string{message});
    const auto end = message.find(": ");
    const auto blamed =
        parse_number(message.substr(position.size(), end - position.size()));
    const auto index =
        static_cast<std::size_t>(std::get<std::int64_t>(blamed.value().is));
    return scanner_.wrong(places_[index], std::string{message.substr(end + 2)});
  }

  result<void> read_item() {
    const auto place = scanner_.place();
    if (scanner_.skip("...") || scanner_.skip("\"...\"")) {
      open_ = true;
      return {};
    }
    auto read = read_matcher();
    if (!read)
      return pass_on(read);
    places_.push_back(place);
    matchers_.push_back(*std::move(read));
    return {};
  }

  result<matcher> read_matcher() {
    const auto next = scanner_.rest();
    if (scanner_.skip("_"))
      return match::any{};
    if (const auto colon = next.find(":_"); colon != std::string_view::npos
                                            && !next.starts_with('"')
                                            && !next.starts_with('{')) {
      if (const auto type = spelled_type(next.substr(0, colon + 2))) {
        scanner_.skip(next.substr(0, colon + 2));
        return *type;
      }
    }
    if (scanner_.skip(".."))
      return read_end({});
    if (next.starts_with('{'))
      return read_object();
    const bool quoted = next.starts_with('"');
    auto read = scanner_.read_value(0);
    if (!read)
      return failed(read.error());
    return read_behind(*std::move(read), quoted);
  }

  /// What follows a value: an operator, or nothing.
  result<matcher> read_behind(value read, bool quoted) {
    if (scanner_.rest().starts_with("..."))
      return scanner_.expected("a comma before ...");
    if (scanner_.skip(".."))
      return read_end(std::move(read));
    if (scanner_.skip("*"))
      return match::prefix{std::move(read)};
    if (scanner_.rest().starts_with('|'))
      return read_alternatives(std::move(read));
    if (quoted)
      if (auto spelled = spelled_matcher(std::get<std::string>(read.is)))
        return *std::move(spelled);
    return match::exact{std::move(read)};
  }

  /// The upper bound, if there is one.
  result<matcher> read_end(std::optional<value> from) {
    match::range range{std::move(from), {}};
    const auto next = scanner_.rest();
    const bool ends = next.starts_with(',') || next.starts_with(']');
    if (range.from && ends)
      return range;
    auto to = scanner_.read_value(0);
    if (!to)
      return failed(to.error());
    range.to = *std::move(to);
    return range;
  }

  result<matcher> read_alternatives(value first) {
    match::one_of made{{std::move(first)}};
    while (scanner_.skip("|")) {
      auto next = scanner_.read_value(0);
      if (!next)
        return failed(next.error());
      made.values.push_back(*std::move(next));
    }
    return made;
  }

  result<matcher> read_object() {
    scanner_.skip("{");
    const auto key_place = scanner_.place();
    const auto key = scanner_.read_string();
    if (!key)
      return failed(key.error());
    if (auto colon = scanner_.expect(":", "a colon"); !colon)
      return pass_on(colon);
    auto read = read_keyed(*key, key_place);
    if (!read)
      return read;
    if (auto closed = scanner_.expect("}", "}"); !closed)
      return pass_on(closed);
    if (auto* exact = std::get_if<match::exact>(&*read))
      return read_behind(std::move(exact->to), false);
    return read;
  }

  result<matcher> read_keyed(const std::string& key, std::size_t place) {
    if (key == "from" || key == "to")
      return read_bounds(key);
    if (key == "one_of")
      return read_one_of();
    const auto type = field_type_of(key);
    if (!type && key != "prefix")
      return scanner_.wrong(place, fmt::format("expected from, to, prefix, "
                                               "one_of or a type as the key, "
                                               "got {}",
                                               key));
    auto read = type ? scanner_.read_typed(*type) : scanner_.read_value(0);
    if (!read)
      return failed(read.error());
    if (type)
      return match::exact{*std::move(read)};
    return match::prefix{*std::move(read)};
  }

  result<matcher> read_bounds(const std::string& key) {
    match::range range;
    auto first = scanner_.read_value(0);
    if (!first)
      return failed(first.error());
    (key == "from" ? range.from : range.to) = *std::move(first);
    if (key == "from" && scanner_.skip(",")) {
      if (auto named = scanner_.expect("\"to\"", "\"to\""); !named)
        return pass_on(named);
      if (auto colon = scanner_.expect(":", "a colon"); !colon)
        return pass_on(colon);
      auto last = scanner_.read_value(0);
      if (!last)
        return failed(last.error());
      range.to = *std::move(last);
    }
    return range;
  }

  result<matcher> read_one_of() {
    if (auto opened = scanner_.expect("[", "["); !opened)
      return pass_on(opened);
    auto values = scanner_.read_elements(1);
    if (!values)
      return failed(values.error());
    return match::one_of{*std::move(values)};
  }

  text_scanner scanner_;
  std::vector<matcher> matchers_;
  std::vector<std::size_t> places_;
  bool open_ = false;
};

} // namespace

std::optional<matcher> spelled_matcher(std::string_view text) {
  if (text == "_")
    return match::any{};
  if (auto type = spelled_type(text))
    return type;
  if (auto range = spelled_range(text))
    return range;
  if (text.ends_with('*'))
    return match::prefix{std::string{text.substr(0, text.size() - 1)}};
  return std::nullopt;
}

result<pattern> parse_pattern(std::string_view text) {
  return pattern_reader{text}.read();
}

result<tuple> parse_tuple(std::string_view text) {
  text_scanner scanner{text};
  if (auto opened = scanner.expect("[", "[ of an array"); !opened)
    return pass_on(opened);
  const auto fields = scanner.read_elements(0);
  if (!fields)
    return failed(fields.error());
  if (!scanner.at_end())
    return scanner.expected("the end");
  auto made = tuple::make(std::span<const value>{*fields});
  if (!made)
    return scanner.wrong(0, made.error().message);
  return made;
}

} // namespace weft::spaces
