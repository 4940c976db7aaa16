extern "C" int nothing_of_weft() {
  return 0;
}
