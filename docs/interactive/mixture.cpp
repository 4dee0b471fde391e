#include "calls.hpp"

namespace interactive {

Calls mixture_calls() {
  return {};
}

}  // namespace interactive
