locals {
  naïve = "ü" # é
  a     = 1   # b
}
