"""What the system tests are written with: a server of their own, its API, its sockets, its pages."""
