resource "x" "y" {
  nested {
    a      = 1
    plain  = <<EOT
  {
EOT
    policy = <<-EOT
      {
        "Version": "2012-10-17"
      }
    EOT
  }
}
