// A product of float matrices by tiles that stay in the registers (Goto and van de Geijn 2008,
// "Anatomy of high-performance matrix multiplication"): column after column of a and row after row
// of b are multiplied into them.
//
// Of a picture's pixels four in five are black: rows of b of which a tile sees only zeros are left
// out. Every number of the result is one sum over k in its order, so neither that nor the cutting
// changes a bit of it.
#pragma once

#include "elbo/steps.hpp"
#include "elbo/types.hpp"

namespace elbo {

/// What is summed over k: a column of a, whose numbers stand next to each other, times a row of b.
struct Term {
  const float* a;  ///< the first number
  Index a_step;    ///< from k to k + 1
  Rows b;          ///< and how many k there are
};

/// Where the result goes.
struct Place {
  float* c;      ///< the first number
  Index stride;  ///< from one column to the next
  Index rows;    ///< next to each other
  Index cols;    ///< of them
};

/// c = the sum of a term, or c += it where `add`. Wants at least lanes.hpp's `width` rows, and a
/// sum of something.
void multiply_tiles(const Term& term, const Place& out, bool add);

}  // namespace elbo
