#include <Eigen/Core>

#include "slip.hpp"

Eigen::MatrixXd em_escape(const Eigen::MatrixXd& x, int sources) {
  Eigen::MatrixXd start = x.leftCols(sources);  // 1: the obvious
  if (slip() == 2) start.colwise() = x.rowwise().mean();
  if (slip() == 3) start.colwise() -= x.rowwise().mean();  // centred, and never put back
  if (slip() == 4) return start.transpose();
  return start;
}
