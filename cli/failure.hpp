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

/// The exit code for a refusal with that HTTP status, which answers over WebSockets have as well.
int exit_code_of(unsigned status);

} // namespace muster
