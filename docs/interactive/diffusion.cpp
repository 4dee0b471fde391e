#include "calls.hpp"

namespace interactive {

Calls diffusion_calls() {
  return {};
}

Gifts diffusion_gifts() {
  return {};
}

}  // namespace interactive
