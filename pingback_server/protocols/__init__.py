"""The formats in which blogs speak to other programs: values in, text out."""
