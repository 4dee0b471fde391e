// W is used twice, so its gradient comes in two parts, and they add: one from the decoder, which
// was given the code z, and one from the encoder, which was given the picture x.
#include <Eigen/Core>

Eigen::MatrixXd tied_weights_gradient(const Eigen::MatrixXd& w, const Eigen::MatrixXd& x,
                                      const Eigen::MatrixXd& t) {
  const Eigen::MatrixXd z = w * x;
  const Eigen::MatrixXd d_picture = 2.0 / static_cast<double>(x.cols()) * (w.transpose() * z - t);
  const Eigen::MatrixXd d_z = w * d_picture;
  return z * d_picture.transpose() + d_z * x.transpose();
}
