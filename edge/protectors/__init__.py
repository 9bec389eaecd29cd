"""Who keeps the station's key: a passphrase, the machine's TPM, or a PKCS#11 token."""
