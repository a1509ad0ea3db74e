locals {
  naïve = "ü"   # é
  a     = "👩‍👩‍👧 é" # b
}
