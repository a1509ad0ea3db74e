resource "aws_flow_log" "this" {
  a           = 1
  destination = "x"
  traffic     = "ALL" # everything
  vpc         = 2     # this one
}
