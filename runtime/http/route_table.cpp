#include "runtime/http/route_table.hpp"

#include "runtime/base/assert.hpp"

#include <set>

namespace weft::http {

void route_table::add(method verb, std::string path, handler serve) {
  WEFT_ASSERT(serve != nullptr);
  WEFT_ASSERT(path.starts_with('/'));
  const bool is_pattern = path.ends_with("/*");
  if (is_pattern)
    path.pop_back();
  WEFT_ASSERT(path.find('*') == std::string::npos);
  auto& routes = (is_pattern ? prefixes_ : exact_)[path];
  const bool is_new = routes.emplace(verb, std::move(serve)).second;
  WEFT_ASSERT(is_new);
}

const handler* route_table::handler_in(const verbs& of, method verb) {
  const auto found = of.find(verb);
  return found == of.end() ? nullptr : &found->second;
}

route_table::match route_table::find(method verb, std::string_view path) const {
  std::set<method> known;
  match found;
  const auto look_at = [&](const verbs& routes) {
    for (const auto& [each, serve] : routes)
      known.insert(each);
    if (!found.serve)
      found.serve = handler_in(routes, verb);
  };
  if (const auto exact = exact_.find(path); exact != exact_.end())
    look_at(exact->second);
  for (auto end = path.rfind('/'); end != std::string_view::npos;
       end = end == 0 ? std::string_view::npos : path.rfind('/', end - 1))
    if (const auto prefix = prefixes_.find(path.substr(0, end + 1));
        prefix != prefixes_.end())
      look_at(prefix->second);
  if (known.contains(method::get))
    found.allowed = "GET, HEAD";
  if (known.contains(method::post))
    found.allowed += found.allowed.empty() ? "POST" : ", POST";
  return found;
}

} // namespace weft::http
