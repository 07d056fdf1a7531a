"""Puts other optimizers, settings, losses, activations and seeds in the place of what the script asks for."""
