#pragma once

#include <stdexcept>
#include <string>

namespace muster {

/// Ends a command: one line for the user, and the exit code.
class failure : public std::runtime_error {
public:
  failure(int code, const std::string& text) : std::runtime_error{text}, code_{code} {}
  int code() const { return code_; }

private:
  int code_;
};

} // namespace muster
