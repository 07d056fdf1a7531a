"""Changes values of the script by hand while it is held: parameters, inputs, activations, gradients, learning rates."""
