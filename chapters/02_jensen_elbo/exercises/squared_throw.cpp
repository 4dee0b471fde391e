// Behind the last curtain they square the number: z ~ N(0, 1), x | z ~ N(z^2, noise^2). Shown x =
// 2.5, you do not know whether z was near 1.6 or near -1.6: the posterior has two humps. Your guess
// may have two as well: a mixture of at most two normals. Make its floor as high as you can, that
// is, make the gap KL(q || p(z | x)) small                               eq:evidence-decomposition
//
// The result has one column a normal, one or two in all, and three rows: its chance, its mean and
// its scale. Chances sum to 1, scales are above 0.
//
// Score: the gap in nats, by integrals, averaged over x = -0.5, 0.2, 0.6, 1.2 and 2.5 with
// noise 0.5. Goal: at most 0.03. (One hump alone costs log 2 = 0.69 where there are two.) How you
// find your guess is up to you: by hand, by search, by sums over a grid of z.
#include <Eigen/Core>
#include <cmath>

Eigen::Matrix3Xd squared_throw(double x, double noise) {
  // --- Your turn ---
  (void)x, (void)noise;
  return Eigen::Matrix3Xd::Constant(3, 2, NAN);
}
