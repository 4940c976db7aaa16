#pragma once

#include "config/arguments.hpp"

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace weft::config {

/// A place in one of the files that make up a configuration; small, since
/// each of up to 600,000 values has one. Lines and columns count from 1, 0 is
/// the file as a whole; columns count characters, not bytes.
struct place {
  std::uint32_t file = 0;
  std::uint32_t line = 0;
  std::uint32_t column = 0;

  friend auto operator<=>(const place&, const place&) = default;
};

/// The files of a configuration, numbered in the order in which they were
/// opened.
class source_files {
public:
  /// Takes in a file by the name that messages show; `folder` is the absolute
  /// folder to which paths in the file are relative. Returns its number.
  std::uint32_t add(std::string name, std::string folder);

  std::size_t size() const noexcept { return files_.size(); }
  const std::string& name(place where) const;
  const std::string& folder(place where) const;
  location locate(place where) const;

private:
  struct file {
    std::string name;
    std::string folder;
  };
  std::vector<file> files_;
};

} // namespace weft::config
