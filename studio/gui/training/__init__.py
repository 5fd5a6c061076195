"""The Train page: form, plots, samples and run controls."""
