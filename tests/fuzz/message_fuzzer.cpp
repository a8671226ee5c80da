#include "tests/fuzz/message_holds.hpp"

#include <cstddef>
#include <cstdint>
#include <cstdlib>

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  if (!muster::test::message_holds({reinterpret_cast<const char*>(bytes), size}))
    std::abort();
  return 0;
}
