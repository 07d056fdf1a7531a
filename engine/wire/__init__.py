"""What crosses between the processes: messages and the channel that carries them."""
