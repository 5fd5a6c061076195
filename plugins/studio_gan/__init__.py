"""GAN: DCGAN and the original multilayer perceptron."""
