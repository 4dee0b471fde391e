// The derivative of log sum p(x, k) is the average of the derivatives of log p(x, k) under the
// responsibilities: each source is a single normal again, in which point i counts r_ki times.
#include <Eigen/Core>

Eigen::MatrixXd mixture_gradient(const Eigen::MatrixXd& parameters, const Eigen::RowVectorXd& x) {
  const Eigen::ArrayXd logit = parameters.row(0), mean = parameters.row(1),
                       log_variance = parameters.row(2);
  const Eigen::ArrayXd share =
      (logit - logit.maxCoeff()).exp() / (logit - logit.maxCoeff()).exp().sum();
  Eigen::MatrixXd gradient = Eigen::MatrixXd::Zero(parameters.rows(), parameters.cols());
  for (const double point : x) {
    const Eigen::ArrayXd off = (point - mean) / (0.5 * log_variance).exp();
    const Eigen::ArrayXd log_joint = logit - 0.5 * (log_variance + off.square());
    const Eigen::ArrayXd joint = (log_joint - log_joint.maxCoeff()).exp();
    const Eigen::ArrayXd r = joint / joint.sum();
    gradient.row(0) += (r - share).matrix();
    gradient.row(1) += (r * off / (0.5 * log_variance).exp()).matrix();
    gradient.row(2) += (0.5 * r * (off.square() - 1)).matrix();
  }
  return gradient;
}
