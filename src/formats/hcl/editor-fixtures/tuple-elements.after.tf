locals {
  inline = ["d", "b"]
  lines = [
    "a", # first
    "e",
    # about b
    "c",
    "d"
  ]
  only = []
  empty = [
    {
      a = 1
    }
  ]
}
