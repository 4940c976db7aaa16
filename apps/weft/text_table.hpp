#pragma once

#include <string>
#include <vector>

namespace weft::apps {

/// Rows of text in columns: the first row is the heading; each column is as
/// wide as its widest cell, two blanks between columns, no blanks at the end
/// of a line. Cells are UTF-8 and counted in code points.
std::string text_table(const std::vector<std::vector<std::string>>& rows);

/// "3 s", "12 min", "2 h 5 min": how long something has been going on.
std::string elapsed_text(double seconds);

} // namespace weft::apps
