// A draw that helps to say what is usual is praised too little: by (n - 1) / n. So the usual value
// is taken, for each draw, from the others alone.
#include <Eigen/Core>

Eigen::VectorXd calm_gradient(const Eigen::VectorXd& mean, double scale,
                              const Eigen::MatrixXd& eps) {
  const Eigen::MatrixXd z = (scale * eps).colwise() + mean;
  const Eigen::RowVectorXd f = z.colwise().squaredNorm();

  const Eigen::MatrixXd score = eps / scale;
  const double others = static_cast<double>(eps.cols() - 1);
  const Eigen::RowVectorXd usual = (f.sum() - f.array()) / others;
  const Eigen::RowVectorXd better = f - usual;

  return (score * better.asDiagonal()).rowwise().mean();
}
