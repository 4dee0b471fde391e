// A chain that is never where it should be                                         eq:metropolis
//
// One move of Hamiltonian Monte Carlo, for many chains side by side: `z` and `momentum` are d x n,
// one column a chain, `u` has one uniform number a chain. `target` returns log p(x, z) of every
// column and writes its gradients. The move rolls `steps` leapfrog steps of size `step` and takes
// the end of the path, or stays.
//
// It compiles, it runs, it never moves far from the posterior. But let it draw a single normal code
// of variance 1, with three steps of size 1.2 a move: the draws crowd around 0, and their variance
// comes out near 0.61. Smaller steps should help; with steps of 0.1 it comes out near 0.50. More
// draws change nothing. There is one mistake in this function. Mend it.
#include <Eigen/Core>
#include <cmath>
#include <functional>

using Target = std::function<Eigen::RowVectorXd(const Eigen::MatrixXd& z, Eigen::MatrixXd& slope)>;

Eigen::MatrixXd leapfrog_coin(const Target& target, double step, int steps, Eigen::MatrixXd z,
                              Eigen::MatrixXd momentum, const Eigen::RowVectorXd& u) {
  Eigen::MatrixXd end = z, slope;
  const Eigen::RowVectorXd log_density = target(z, slope);
  Eigen::RowVectorXd end_log_density = log_density;

  for (int s = 0; s < steps; ++s) {
    momentum += 0.5 * step * slope;
    end += step * momentum;
    end_log_density = target(end, slope);
    momentum += 0.5 * step * slope;
  }

  for (Eigen::Index c = 0; c < z.cols(); ++c) {
    const double before = -log_density(c) + 0.5 * momentum.col(c).squaredNorm();
    const double after = -end_log_density(c) + 0.5 * momentum.col(c).squaredNorm();
    if (std::log(u(c)) < before - after) z.col(c) = end.col(c);
  }
  return z;
}
