"""Building blocks that plugins share: small, exact, each with the paper and equation it comes from.

- `resolutions`: the picture sizes a network of doublings can make (free of torch, for hyperparameters' validators)
- `losses`: adversarial losses as pure functions of logits, and `gan_loss`, which picks a pair by name
- `dcgan`, `mlp`: the networks of DCGAN and of the first GAN
- `wgan_gp`, `penalties`, `piecewise`: the networks of WGAN-GP, its penalty, and a LeakyReLU that is cheap under it
- `unet`, `halving`, `patchgan`, `receptive_fields`, `resnet_generator`: pictures to pictures, and who judges them
- `jitter`, `picture_pool`, `decay`: how pix2pix and CycleGAN are trained
- `equalized`, `mapping`, `modulated`, `upfirdn`, `leaky`, `minibatch_std`: what StyleGANs are made of
- `ada`, `ada_geometry`, `ada_colour`, `ada_probability`: augmentation that D cannot learn through, and how much of it
- `boxed`, `cropping`, `conditional_norm`, `convlstm`, `pooled_conv`, `thin_conv`: objects in boxes
- `spectral`: spectral normalisation that survives weight averaging
- `init`, `freezing`: how weights start, and how to hold them still

Import from the modules themselves. This package imports nothing, so that `resolutions` costs no torch.
"""
