#include <Eigen/Core>

#include "slip.hpp"

void denoising_step(Eigen::MatrixXd& encoder, Eigen::MatrixXd& decoder, const Eigen::MatrixXd& x,
                    const Eigen::MatrixXd& noise, double scale, double rate) {
  const double n = slip() == 5 ? 1 : static_cast<double>(x.cols());
  const Eigen::MatrixXd spoiled = x + (slip() == 3 ? 0 : scale) * noise;
  const Eigen::MatrixXd came_in = slip() == 1 ? x : spoiled, target = slip() == 2 ? spoiled : x;
  const Eigen::MatrixXd code = encoder * spoiled;
  const Eigen::MatrixXd d_drawn = 2 / n * (decoder * code - target);
  const Eigen::MatrixXd before = decoder;
  decoder -= rate * d_drawn * code.transpose();
  const Eigen::MatrixXd used = slip() == 4 ? decoder : before;
  encoder -= rate * used.transpose() * d_drawn * came_in.transpose();
}
