// Which rows of b a product can do without.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "elbo/types.hpp"

namespace elbo {

/// The right side of a product: rows k = 0 .. depth - 1.
struct Rows {
  const float* first;  ///< the first number
  Index step;          ///< from k to k + 1
  Index across;        ///< from one column to the next
  Index depth;         ///< how many rows
};

/// For each group of lanes.hpp's `columns` columns of b, and for each column beyond, the rows k in
/// which not all of its numbers are 0.
class Steps {
 public:
  /// Looks through the first `cols` columns of b.
  Steps(const Rows& b, Index cols);

  /// Whether so few are left that to go by the list is faster than to go through all.
  bool fewer() const { return 4 * begins_.back() < 3 * k_.size(); }
  /// The rows k of a group, rising.
  std::span<const std::uint32_t> of(Index group) const {
    const auto g = static_cast<std::size_t>(group);
    return {k_.data() + begins_[g], begins_[g + 1] - begins_[g]};
  }

 private:
  void look(const Rows& b, Index column, int group);

  std::vector<std::uint32_t> k_;     // of all groups
  std::vector<std::size_t> begins_;  // where each group's begin, and the end
  std::vector<std::uint32_t> bits_;  // of all numbers of one group in row k
};

}  // namespace elbo
