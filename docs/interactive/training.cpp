#include "calls.hpp"

namespace interactive {

Calls training_calls() {
  return {};
}

Gifts training_gifts() {
  return {};
}

}  // namespace interactive
