"""From objects of a storage to verified files on disk."""
