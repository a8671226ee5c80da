#include "cli/terminal.hpp"

#include "cli/cli.hpp"
#include "cli/failure.hpp"

#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>

namespace muster {
namespace {

/// Keeps the terminal from showing what is typed, as long as it lives.
class silence {
public:
  silence() {
    tcgetattr(STDIN_FILENO, &before_);
    auto quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    tcsetattr(STDIN_FILENO, TCSAFLUSH, &quiet);
  }
  ~silence() { tcsetattr(STDIN_FILENO, TCSAFLUSH, &before_); }
  silence(const silence&) = delete;
  silence& operator=(const silence&) = delete;

private:
  termios before_{};
};

std::string ask(const std::string& prompt) {
  std::cerr << prompt << ": " << std::flush;
  const silence quiet;
  std::string line;
  std::getline(std::cin, line);
  std::cerr << '\n';
  return line;
}

} // namespace

std::size_t terminal_width() {
  winsize size{};
  if (!isatty(STDOUT_FILENO) || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) != 0)
    return 0;
  return size.ws_col;
}

bool may_style() {
  const char* refused = std::getenv("NO_COLOR");
  return isatty(STDOUT_FILENO) && !(refused && *refused);
}

bool progress_wanted() {
  return isatty(STDERR_FILENO);
}

std::string read_secret(const std::string& prompt, bool from_input, bool confirm) {
  std::string secret;
  if (from_input) {
    std::getline(std::cin, secret);
  } else if (!isatty(STDIN_FILENO)) {
    throw failure{exit_code::usage, "no terminal to ask for the password; use --password-stdin"};
  } else {
    secret = ask(prompt);
    if (confirm && ask("Again") != secret)
      throw failure{exit_code::usage, "the two are not the same"};
  }
  if (secret.empty())
    throw failure{exit_code::usage, "the password is empty"};
  return secret;
}

std::string read_argument(const std::string& argument) {
  if (argument == "-")
    return {std::istreambuf_iterator<char>{std::cin}, {}};
  if (!argument.starts_with('@'))
    return argument;
  std::ifstream file{argument.substr(1), std::ios::binary};
  if (!file)
    throw failure{exit_code::usage, "cannot read " + argument.substr(1)};
  return {std::istreambuf_iterator<char>{file}, {}};
}

} // namespace muster
