#include "config/problem_list.hpp"

#include "runtime/base/text.hpp"

#include <fmt/format.h>

#include <algorithm>

namespace weft::config {

namespace {

std::string without_indices(std::string_view path) {
  std::string plain;
  bool inside = false;
  for (const char letter : path) {
    inside = letter == '[' || (inside && letter != ']');
    if (!inside || letter == '[')
      plain += letter;
  }
  return plain;
}

} // namespace

void problem_list::add(place where, std::string_view path,
                       std::string message) {
  key identity{where, without_indices(path), std::move(message)};
  const bool known = problems_.contains(identity);
  if (!known && problems_.size() >= problems_max) {
    ++further_;
    return;
  }
  if (!known)
    problems_.emplace(std::move(identity), path);
  mark_failed(path);
}

void problem_list::mark_failed(std::string_view path) {
  if (failed_.size() < problems_max)
    failed_.emplace(path);
}

std::string
problem_list::suggestion(std::string_view word,
                         std::span<const std::string> candidates) const {
  constexpr std::size_t suggestions_max = 100;
  constexpr std::size_t word_bytes_max = 64;
  if (problems_.size() >= suggestions_max || word.size() > word_bytes_max)
    return {};
  const auto nearest = nearest_spelling(word, candidates);
  return nearest ? fmt::format("; did you mean {}?", quote(*nearest)) : "";
}

std::vector<problem> problem_list::sorted(const source_files& files) const {
  std::vector<problem> all;
  for (const auto& [identity, path] : problems_)
    all.push_back(
        {files.locate(std::get<place>(identity)), path, std::get<2>(identity)});
  if (further_ > 0)
    all.push_back({all.back().where, "",
                   fmt::format("expected at most {} problems, got {} more "
                               "that are not shown",
                               problems_max, further_)});
  return all;
}

} // namespace weft::config
