// Where EM starts in chapter 6's instrument: ready-made points, and a first guess.
#pragma once

#include "elbo/mixture.hpp"

namespace interactive {

/// 0: the chapter's cloud; 1 and 2: chapter 10's moons and ring, larger; 3: two far groups; 4: nine
/// points. -> 2 x n.
elbo::Matrix<double> ready_made_points(int set);

/// kind 0: round, near the middle, the first three as in the chapter; 1: round, each on a point
/// that is drawn; 2: all the same.
elbo::Mixture<double> first_guess(int components, int kind, int draw,
                                  const elbo::Matrix<double>& x);

}  // namespace interactive
