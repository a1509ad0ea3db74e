resource "x" "y" {
  nested {
    a     = 1
    plain = <<EOT
  {
EOT
  }
}
