"""Building blocks that plugins share: small, exact, each with the paper and equation it comes from.

- `resolutions`: the picture sizes a network of doublings can make (free of torch, for hyperparameters' validators)
- `losses`: adversarial losses as pure functions of logits, and `gan_loss`, which picks a pair by name
- `dcgan`, `mlp`: the networks of DCGAN and of the first GAN
- `wgan_gp`, `penalties`, `piecewise`: the networks of WGAN-GP, its penalty, and a LeakyReLU that is cheap under it
- `spectral`: spectral normalisation that survives weight averaging
- `init`, `freezing`: how weights start, and how to hold them still

Import from the modules themselves. This package imports nothing, so that `resolutions` costs no torch.
"""
