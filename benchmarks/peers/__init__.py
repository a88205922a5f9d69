"""What is measured beside nqpf: small programs as a user would write them, a file each."""
