"""Paper: the record, forms, slips and labels that leave a post, each drawn from the dossier of a screening."""
