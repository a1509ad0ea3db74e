resource "x" "y" {
  a      = 1
  policy = <<-EOT
    {
      "x": "}"
    }
  EOT
  tags = {
    a = 1
  }
  bcd = 2
}
