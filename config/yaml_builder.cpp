#include "config/yaml_builder.hpp"

#include <fmt/format.h>
#include <yaml-cpp/mark.h>

#include <algorithm>
#include <utility>

namespace weft::config {

namespace {

/// How many lists and maps stand inside each other in a tree.
std::size_t nesting(const yaml_node& tree) {
  if (tree.kind != yaml_kind::list && tree.kind != yaml_kind::map)
    return 0;
  std::size_t deepest = 0;
  for (const auto& item : tree.items)
    deepest = std::max(deepest, nesting(item));
  for (const auto& entry : tree.entries)
    deepest = std::max(deepest, nesting(entry.value));
  return deepest + 1;
}

} // namespace

yaml_builder::yaml_builder(line_table& lines, yaml_usage& usage,
                           problem_list& problems)
    : lines_(lines), usage_(usage), problems_(problems) {}

place yaml_builder::note(const YAML::Mark& mark) {
  ++events_;
  last_place_ = lines_.at(mark.line, mark.column);
  return last_place_;
}

void yaml_builder::OnDocumentStart(const YAML::Mark& mark) {
  if (root_)
    refuse(note(mark),
           "expected one YAML document, got a second after \"---\"");
}

void yaml_builder::OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) {
  yaml_node node;
  node.where = note(mark);
  if (expects_key())
    refuse(node.where, "expected a key, got nothing");
  // The mark of an empty value is where the next thing stands.
  if (!frames_.empty() && frames_.back().pending
      && frames_.back().pending->where.line != node.where.line)
    node.where = frames_.back().pending->where;
  place_value(std::move(node), anchor);
}

void yaml_builder::OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) {
  const auto where = note(mark);
  if (++usage_.aliases > limits::aliases_max)
    refuse(where,
           fmt::format("expected at most {} aliases", limits::aliases_max));
  const auto found = anchors_.find(anchor);
  if (found == anchors_.end())
    refuse(where, "expected an alias of a complete value, got one of a value "
                  "that contains the alias");
  if (expects_key())
    refuse(where, "expected a key, got an alias");
  check_depth(frames_.size() + found->second.depth, where);
  charge(found->second.size, where);
  place_value(found->second.node, 0);
}

void yaml_builder::OnScalar(const YAML::Mark& mark, const std::string& tag,
                            YAML::anchor_t anchor, const std::string& value) {
  yaml_node node;
  node.kind = yaml_kind::scalar;
  node.where = note(mark);
  node.quoted = tag != "?";
  check_tag(tag, "str", node.where);
  if (node.quoted && !lines_.quote_is_closed(mark.line, mark.column))
    refuse(node.where, "expected a closing quote, got the end of the file");
  node.text = value;
  if (expects_key()) {
    if (anchor != 0)
      refuse(node.where, "expected a key without an anchor");
    return take_key(node);
  }
  charge({0, value.size(), 0}, node.where);
  place_value(std::move(node), anchor);
}

void yaml_builder::OnSequenceStart(const YAML::Mark& mark,
                                   const std::string& tag,
                                   YAML::anchor_t anchor,
                                   YAML::EmitterStyle::value) {
  open(yaml_kind::list, mark, tag, anchor);
}

void yaml_builder::OnMapStart(const YAML::Mark& mark, const std::string& tag,
                              YAML::anchor_t anchor,
                              YAML::EmitterStyle::value) {
  open(yaml_kind::map, mark, tag, anchor);
}

void yaml_builder::open(yaml_kind kind, const YAML::Mark& mark,
                        const std::string& tag, YAML::anchor_t anchor) {
  const auto where = note(mark);
  if (expects_key())
    refuse(where, "expected a key, got a list or a map; put text that starts "
                  "with a brace or bracket in quotes");
  check_depth(frames_.size() + 1, where);
  check_tag(tag, kind == yaml_kind::list ? "seq" : "map", where);
  frame opened;
  opened.node.kind = kind;
  opened.node.where = where;
  opened.anchor = anchor;
  frames_.push_back(std::move(opened));
}

void yaml_builder::close() {
  auto done = std::move(frames_.back());
  frames_.pop_back();
  place_value(std::move(done.node), done.anchor);
}

void yaml_builder::place_value(yaml_node node, YAML::anchor_t anchor) {
  charge({1, 0, 0}, node.where);
  if (anchor != 0) {
    // The copy that aliases are made of takes memory as well.
    const auto size = measure(node);
    charge(size, node.where);
    anchors_[anchor] = {node, size, nesting(node)};
  }
  if (frames_.empty()) {
    root_ = std::move(node);
    return;
  }
  auto& parent = frames_.back();
  if (parent.node.kind == yaml_kind::list) {
    parent.node.items.push_back(std::move(node));
    return;
  }
  auto entry = std::move(*parent.pending);
  parent.pending.reset();
  if (std::exchange(parent.duplicate, false))
    return;
  const bool nested =
      node.kind == yaml_kind::list || node.kind == yaml_kind::map;
  if (nested)
    node.where = entry.where;
  entry.value = std::move(node);
  parent.node.entries.push_back(std::move(entry));
}

void yaml_builder::take_key(const yaml_node& node) {
  auto& map = frames_.back();
  charge({0, 2 * node.text.size(), 0}, node.where);
  map.pending = yaml_entry{node.text, node.where, {}};
  if (node.text == "<<" && !node.quoted)
    refuse(node.where, "expected a key, got the merge key \"<<\", which "
                       "cluster files do not have; use include or replicate");
  const auto [first, added] = map.keys.emplace(node.text, node.where.line);
  map.duplicate = !added;
  if (added)
    return;
  problems_.add(node.where, path(),
                fmt::format("expected each key once, got a second {}; the "
                            "first is in line {}",
                            quote(node.text), first->second));
}

void yaml_builder::check_depth(std::size_t depth, place where) const {
  if (depth > limits::depth_max)
    refuse(where, fmt::format("expected lists and maps nested at most {} deep",
                              limits::depth_max));
}

bool yaml_builder::expects_key() const {
  return !frames_.empty() && frames_.back().node.kind == yaml_kind::map
         && !frames_.back().pending;
}

void yaml_builder::charge(const yaml_usage& part, place where) {
  usage_.nodes += part.nodes;
  usage_.text_bytes += part.text_bytes;
  if (usage_.nodes > limits::nodes_max)
    refuse(where, fmt::format("expected at most {} values, aliases expanded",
                              limits::nodes_max));
  if (usage_.text_bytes > limits::text_bytes_max)
    refuse(where,
           fmt::format("expected at most {} bytes of text, aliases expanded",
                       limits::text_bytes_max));
}

void yaml_builder::check_tag(const std::string& tag, std::string_view plain,
                             place where) {
  constexpr std::string_view core = "tag:yaml.org,2002:";
  const bool known =
      tag.empty() || tag == "?" || tag == "!"
      || (tag.starts_with(core) && tag.substr(core.size()) == plain);
  if (!known)
    refuse(where, fmt::format("expected a value without a tag, got the tag {}",
                              quote(tag)));
}

std::string yaml_builder::path() const {
  std::string text;
  for (const auto& frame : frames_) {
    if (frame.node.kind == yaml_kind::list)
      text = join_path(text, frame.node.items.size());
    else if (frame.pending)
      text = join_path(text, frame.pending->key);
  }
  return text;
}

void yaml_builder::refuse(place where, std::string message) const {
  throw yaml_refusal{where, path(), std::move(message)};
}

} // namespace weft::config
