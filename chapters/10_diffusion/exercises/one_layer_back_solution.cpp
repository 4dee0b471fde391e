// Two normals in x_{t-1}, one from each side: their precisions add, and the mean is the average of
// their means, weighted by precision. At t = 1 the sample itself decides.
#include <Eigen/Core>
#include <cmath>
#include <utility>

std::pair<Eigen::MatrixXd, double> one_layer_back(const Eigen::VectorXd& beta, int t,
                                                  const Eigen::MatrixXd& xt,
                                                  const Eigen::MatrixXd& x0) {
  const double b = beta(t - 1);
  const double before = (1 - beta.head(t - 1).array()).prod();  // alpha_bar_{t-1}
  const double noise = 1 - before * (1 - b);                    // 1 - alpha_bar_t
  const double of_x0 = std::sqrt(before) * b / noise;
  const double of_xt = std::sqrt(1 - b) * (1 - before) / noise;
  return {of_x0 * x0 + of_xt * xt, b * (1 - before) / noise};
}
