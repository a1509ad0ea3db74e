terraform {
  required_version = ">= 1.5" # until the move
  experiments      = []       # none
}
