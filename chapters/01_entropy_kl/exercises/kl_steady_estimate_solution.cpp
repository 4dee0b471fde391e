// k1 + c (r - 1) is unbiased as long as c has not seen the draw. So each draw is corrected with the
// c that suits all the others best, by least squares.
#include <Eigen/Core>

double kl_steady_estimate(const Eigen::VectorXd& log_ratio) {
  const Eigen::ArrayXd k = -log_ratio.array(), excess = log_ratio.array().exp() - 1;
  const auto of_the_others = [](const Eigen::ArrayXd& values) -> Eigen::ArrayXd {
    return (values.sum() - values) / static_cast<double>(values.size() - 1);
  };
  const Eigen::ArrayXd mean = of_the_others(excess);
  const Eigen::ArrayXd together = of_the_others(k * excess) - of_the_others(k) * mean;
  const Eigen::ArrayXd spread = of_the_others(excess.square()) - mean.square();
  return (k - together / (spread + 1e-12) * excess).mean();  // where q = p both are 0
}
