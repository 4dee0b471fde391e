// The SHA-256 of bytes: two runs' numbers are the same if these are.
#pragma once

#include <initializer_list>
#include <string>
#include <string_view>

namespace elbo {

/// Of the pieces one after another, in 64 hexadecimal digits.
std::string sha256(std::initializer_list<std::string_view> pieces);

}  // namespace elbo
