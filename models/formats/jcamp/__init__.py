"""JCAMP-DX 4.24 and 5.x.

Sources: McDonald and Wilks, Appl. Spectrosc. 42 (1988) 151 (4.24); Lampen et al., Appl. Spectrosc. 48 (1994) 1545
(5.0, mass spectra and NTUPLES); Davies and Lampen, Appl. Spectrosc. 47 (1993) 1093 (5.00, NMR).
"""
