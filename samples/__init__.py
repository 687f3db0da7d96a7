"""Realistic scans made from nothing: pages of one-stop offices are drawn, then worn down as their scanners do it.

Used by `make demo`, the tests and the bench. Every drawing comes with its exact truth text and every scan with its true
slant and turn, so that what the product reads can be scored. Same seed, same bytes. All people, numbers and papers in
here are invented; the agency codes are illustrative. The product itself never imports this package.
"""
