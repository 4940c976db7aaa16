#pragma once

#include "runtime/http/message.hpp"

#include <map>
#include <string>
#include <string_view>

namespace weft::http {

/// Which handler serves which verb and path. An exact path goes before a
/// pattern, a longer pattern before a shorter.
class route_table {
public:
  /// Adds a route. `path` starts with a slash and may end in "/*", which
  /// matches any rest, also an empty one, but not the path without the slash.
  /// Asserts that the route is new and the path well-formed.
  void add(method verb, std::string path, handler serve);

  struct match {
    /// Null if there is none for this verb and path.
    const handler* serve = nullptr;
    /// The verbs that the path has, for the header Allow: "GET, HEAD, POST";
    /// empty for an unknown path.
    std::string allowed;
  };

  /// Cost: logarithmic, times the segments of the path.
  match find(method verb, std::string_view path) const;

private:
  using verbs = std::map<method, handler>;

  static const handler* handler_in(const verbs& of, method verb);

  std::map<std::string, verbs, std::less<>> exact_;
  /// By the pattern without its star: "/api/v1/nodes/".
  std::map<std::string, verbs, std::less<>> prefixes_;
};

} // namespace weft::http
