resource "aws_flow_log" "this" {
  a = 1
  destination = {
    arn = "x"
    longer = [
      1,
    ]
  }
  traffic = "ALL" # everything
  vpc     = 2     # this one
}
