resource "x" "y" {
  a   = 1
  bcd = 2
}
