#include "apps/weft/program.hpp"

int main(int argc, char** argv) {
  return weft::apps::run_program(argc, argv);
}
