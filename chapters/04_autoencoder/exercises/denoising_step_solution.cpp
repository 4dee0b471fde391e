// A layer's gradient is its output's derivative times its *input*, and what came in was the spoiled
// picture. The clean one is the target, and enters at the residual alone.
#include <Eigen/Core>

void denoising_step(Eigen::MatrixXd& encoder, Eigen::MatrixXd& decoder, const Eigen::MatrixXd& x,
                    const Eigen::MatrixXd& noise, double scale, double rate) {
  // Forward.
  const Eigen::MatrixXd spoiled = x + scale * noise;
  const Eigen::MatrixXd code = encoder * spoiled;
  const Eigen::MatrixXd drawn = decoder * code;

  // Back, from the picture drawn to the code.
  const Eigen::MatrixXd d_drawn = 2.0 / static_cast<double>(x.cols()) * (drawn - x);
  const Eigen::MatrixXd d_code = decoder.transpose() * d_drawn;

  // Down.
  decoder -= rate * d_drawn * code.transpose();
  encoder -= rate * d_code * spoiled.transpose();
}
