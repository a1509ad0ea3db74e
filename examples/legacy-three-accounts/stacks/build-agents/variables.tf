variable "workspace_iam_roles" {
  type = map(string)
  default = {
    dev  = "arn:aws:iam::222233334444:role/deployment"
    live = "arn:aws:iam::333344445555:role/deployment"
  }
}

variable "windows_ami" {
  type    = string
  default = "ami-0123456789abcdef0"
}

variable "peer_vpc_id" {
  type    = string
  default = "vpc-0123456789abcdef0"
}
