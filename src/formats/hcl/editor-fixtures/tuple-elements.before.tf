locals {
  inline = ["a", "b", "c"]
  lines = [
    "a", # first
    # about b
    "b",
    "c"
  ]
  only  = ["x"]
  empty = []
}
