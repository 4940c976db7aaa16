#pragma once

#include "config/line_table.hpp"
#include "config/located_yaml.hpp"

#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

// yaml-cpp's header may be seen by config/*.cpp only; this header is part of
// located_yaml.cpp and yaml_builder.cpp.
#include <yaml-cpp/eventhandler.h>

namespace weft::config {

/// Thrown through yaml-cpp's parser to end it; caught in `parse_yaml`.
struct yaml_refusal {
  place where;
  std::string path;
  std::string message;
};

/// Builds a tree from yaml-cpp's events and enforces the limits while the
/// file is being read: an alias is measured before it is copied.
class yaml_builder final : public YAML::EventHandler {
public:
  yaml_builder(line_table& lines, yaml_usage& usage, problem_list& problems);

  /// Number of events so far, and the place of the last one.
  const std::size_t& events() const noexcept { return events_; }
  place last_place() const noexcept { return last_place_; }

  bool has_root() const noexcept { return root_.has_value(); }
  yaml_node take_root() { return std::move(*root_); }

  void OnDocumentStart(const YAML::Mark& mark) override;
  void OnDocumentEnd() override {}
  void OnNull(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t anchor) override;
  void OnScalar(const YAML::Mark& mark, const std::string& tag,
                YAML::anchor_t anchor, const std::string& value) override;
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag,
                       YAML::anchor_t anchor,
                       YAML::EmitterStyle::value style) override;
  void OnSequenceEnd() override { close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag,
                  YAML::anchor_t anchor,
                  YAML::EmitterStyle::value style) override;
  void OnMapEnd() override { close(); }

private:
  /// A list or map that is not complete yet.
  struct frame {
    yaml_node node;
    YAML::anchor_t anchor = 0;
    /// Of a map: the key whose value comes next.
    std::optional<yaml_entry> pending;
    /// The pending key stood in the map before; its value is dropped.
    bool duplicate = false;
    /// Line of each key so far.
    std::unordered_map<std::string, std::uint32_t> keys;
  };

  /// A value that aliases may repeat.
  struct anchored {
    yaml_node node;
    yaml_usage size;
    std::size_t depth = 0;
  };

  place note(const YAML::Mark& mark);
  void open(yaml_kind kind, const YAML::Mark& mark, const std::string& tag,
            YAML::anchor_t anchor);
  void close();
  void place_value(yaml_node node, YAML::anchor_t anchor);
  void take_key(const yaml_node& node);
  void check_depth(std::size_t depth, place where) const;
  bool expects_key() const;
  void charge(const yaml_usage& part, place where);
  void check_tag(const std::string& tag, std::string_view plain, place where);
  std::string path() const;
  [[noreturn]] void refuse(place where, std::string message) const;

  line_table& lines_;
  yaml_usage& usage_;
  problem_list& problems_;
  std::vector<frame> frames_;
  std::unordered_map<YAML::anchor_t, anchored> anchors_;
  std::optional<yaml_node> root_;
  std::size_t events_ = 0;
  place last_place_;
};

} // namespace weft::config
