// The E-step is a softmax of log-joints, as for normals. To the M-step the prior is as many more
// pictures of each source as there are added in the count below: `pseudo` of them white, `pseudo`
// black.
#include <Eigen/Core>

void bernoulli_mixture_turn(const Eigen::MatrixXd& x, double pseudo, Eigen::VectorXd& shares,
                            Eigen::MatrixXd& on) {
  const Eigen::MatrixXd off = 1 - on.array(), black = 1 - x.array();
  Eigen::MatrixXd r =
      on.array().log().matrix().transpose() * x + off.array().log().matrix().transpose() * black;
  r.colwise() += shares.array().log().matrix();
  for (auto column : r.colwise()) {
    column = (column.array() - column.maxCoeff()).exp();
    column /= column.sum();
  }
  const Eigen::VectorXd counts = r.rowwise().sum();
  shares = counts / x.cols();
  on = (x * r.transpose()).array() + pseudo;
  on.array().rowwise() /= counts.transpose().array() + 2 * pseudo;
}
