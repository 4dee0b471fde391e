#include <Eigen/Core>

#include "slip.hpp"

Eigen::MatrixXd two_humps_by_planar_layers() {
  Eigen::MatrixXd one(3, 1);
  one << 1.430, 26.852, 12.504;                         // 1: the best single layer
  if (slip() == 2) one << -1.5, 1, 0.5;                 // 2: folds the line
  if (slip() == 3) return Eigen::MatrixXd::Ones(3, 5);  // 3: five layers
  if (slip() == 4) one << 2, 0.1, 20;                   // 4: all of it to the right
  return one;
}
