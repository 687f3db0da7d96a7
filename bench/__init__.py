"""Measurements that anyone can repeat: the product and its peers on the same pages, on the same machine, side by side."""
