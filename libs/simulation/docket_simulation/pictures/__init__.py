"""Answers as pictures (SVG)."""
