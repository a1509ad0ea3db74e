terraform {
  required_version = ">= 1.10.1" # until the move
  experiments      = []          # none
}
