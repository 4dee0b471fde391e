// Which of the wrong answers in NAME_slips.cpp is to be given: $SLIP, from 1.
#pragma once

#include <cstdlib>

inline int slip() {
  const char* number = std::getenv("SLIP");
  return number ? std::atoi(number) : 0;
}
