"""Random questions, true and false, whose answers are compared with 50 digits of J itself."""
