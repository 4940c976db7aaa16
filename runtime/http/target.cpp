#include "runtime/http/target.hpp"

#include "runtime/base/text.hpp"
#include "runtime/base/utf8.hpp"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <iterator>

namespace weft::http {

namespace {

/// The value of a hexadecimal digit, or -1.
int hex_value(char c) {
  if (c >= '0' && c <= '9')
    return c - '0';
  if (c >= 'a' && c <= 'f')
    return c - 'a' + 10;
  if (c >= 'A' && c <= 'F')
    return c - 'A' + 10;
  return -1;
}

bool is_alphanumeric(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')
         || (c >= '0' && c <= '9');
}

bool is_control(char c) {
  return (c >= 0 && c < ' ') || c == '\x7f';
}

std::string lower(std::string_view text) {
  std::string out{text};
  for (char& c : out)
    if (c >= 'A' && c <= 'Z')
      c = static_cast<char>(c - 'A' + 'a');
  return out;
}

tl::unexpected<failure> refuse(std::string why) {
  return fail(errc::invalid_argument,
              fmt::format("request target: {}", std::move(why)));
}

result<std::string> decode_path(std::string_view raw) {
  auto path = percent_decode(raw);
  if (!path)
    return path;
  if (path->empty() || path->front() != '/')
    return refuse("expected a path that starts with /");
  if (!is_utf8(*path) || std::any_of(path->begin(), path->end(), is_control))
    return refuse("expected UTF-8 without control characters in the path");
  for (const auto segment : split(*path, '/'))
    if (segment == "." || segment == "..")
      return refuse(
          fmt::format("the path must not have a segment \"{}\"", segment));
  return path;
}

result<std::string> decode_query_part(std::string_view raw) {
  std::string spaced{raw};
  std::replace(spaced.begin(), spaced.end(), '+', ' ');
  auto part = percent_decode(spaced);
  if (part && (!is_utf8(*part) || part->find('\0') != std::string::npos))
    return refuse("expected UTF-8 without NUL in the query");
  return part;
}

result<std::map<std::string, std::string>> decode_query(std::string_view raw) {
  std::map<std::string, std::string> query;
  for (const auto pair : split(raw, '&')) {
    if (pair.empty())
      continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decode_query_part(pair.substr(0, equals));
    if (!name)
      return pass_on(name);
    auto value = decode_query_part(
        equals < pair.size() ? pair.substr(equals + 1) : std::string_view{});
    if (!value)
      return pass_on(value);
    query.insert_or_assign(std::move(*name), std::move(*value));
  }
  return query;
}

bool is_ip_address(const std::string& text) {
  in6_addr any{};
  return inet_pton(AF_INET, text.c_str(), &any) == 1
         || inet_pton(AF_INET6, text.c_str(), &any) == 1;
}

/// "[::1]:80" to "::1", "a:80" to "a"; nothing if it is no host and port.
std::optional<std::string> host_part(std::string_view text) {
  std::string_view port;
  std::string_view host = text;
  if (text.starts_with('[')) {
    const auto end = text.find(']');
    if (end == std::string_view::npos)
      return std::nullopt;
    host = text.substr(1, end - 1);
    port = text.substr(end + 1);
    if (host.find(':') == std::string_view::npos)
      return std::nullopt;
  } else if (const auto colon = text.find(':');
             colon != std::string_view::npos) {
    host = text.substr(0, colon);
    port = text.substr(colon);
  }
  const bool is_port =
      port.empty()
      || (port.front() == ':'
          && std::all_of(port.begin() + 1, port.end(),
                         [](char c) { return c >= '0' && c <= '9'; }));
  const bool is_host =
      !host.empty() && std::all_of(host.begin(), host.end(), [](char c) {
        return is_alphanumeric(c) || c == '.' || c == '-' || c == '_'
               || c == ':';
      });
  if (!is_port || !is_host)
    return std::nullopt;
  return lower(host);
}

} // namespace

result<std::string> percent_decode(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      out += text[i];
      continue;
    }
    const int high = i + 2 < text.size() ? hex_value(text[i + 1]) : -1;
    const int low = i + 2 < text.size() ? hex_value(text[i + 2]) : -1;
    if (high < 0 || low < 0)
      return refuse("expected two hexadecimal digits after %");
    out += static_cast<char>(high * 16 + low);
    i += 2;
  }
  return out;
}

std::string percent_encode(std::string_view text, std::string_view kept) {
  std::string out;
  out.reserve(text.size());
  for (const char c : text) {
    if (is_alphanumeric(c)
        || std::string_view{"._~-"}.find(c) != std::string_view::npos
        || kept.find(c) != std::string_view::npos)
      out += c;
    else
      fmt::format_to(std::back_inserter(out), "%{:02X}",
                     static_cast<unsigned char>(c));
  }
  return out;
}

result<target> parse_target(std::string_view text) {
  target parsed;
  if (lower(text.substr(0, 7)) == "http://") {
    text.remove_prefix(7);
    const auto end = std::min(text.find_first_of("/?"), text.size());
    parsed.authority = std::string{text.substr(0, end)};
    text.remove_prefix(end);
  }
  if (text.find('#') != std::string_view::npos)
    return refuse("a fragment (#) has no place in a request");
  const auto mark = std::min(text.find('?'), text.size());
  auto raw_path = text.substr(0, mark);
  if (parsed.authority && raw_path.empty())
    raw_path = "/";
  auto path = decode_path(raw_path);
  if (!path)
    return pass_on(path);
  parsed.path = std::move(*path);
  if (mark < text.size()) {
    auto query = decode_query(text.substr(mark + 1));
    if (!query)
      return pass_on(query);
    parsed.query = std::move(*query);
  }
  return parsed;
}

std::string format_target(std::string_view path,
                          const std::map<std::string, std::string>& query) {
  auto text = percent_encode(path, "/:@");
  char separator = '?';
  for (const auto& [name, value] : query) {
    text += separator;
    text += percent_encode(name);
    text += '=';
    text += percent_encode(value);
    separator = '&';
  }
  return text;
}

result<void> check_host(std::string_view host,
                        const std::vector<std::string>& names) {
  if (host.empty())
    return {};
  const auto name = host_part(host);
  if (!name)
    return fail(errc::invalid_argument,
                "header Host: expected a host and perhaps a port");
  if (is_ip_address(*name) || *name == "localhost")
    return {};
  for (const auto& known : names)
    if (lower(known) == *name)
      return {};
  return fail(errc::permission_denied,
              fmt::format("header Host: \"{}\" is no name of this server, use "
                          "its IP address",
                          *name));
}

} // namespace weft::http
