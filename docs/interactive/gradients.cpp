#include "calls.hpp"

namespace interactive {

Calls gradients_calls() {
  return {};
}

}  // namespace interactive
