#include "server/run.hpp"

int main(int argc, char** argv) {
  return muster::run(argc, argv);
}
