"""The science: spectra, the reference library, search, the classifier and the identification."""
