#include "calls.hpp"

namespace interactive {

Calls latent_calls() {
  return {};
}

Gifts latent_gifts() {
  return {};
}

}  // namespace interactive
