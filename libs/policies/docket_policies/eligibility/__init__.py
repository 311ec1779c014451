"""Whom the terms serve, with what, by which clause: every question that needs no clock.

One pure function for each question; the numbers, lists and dates are data of each edition.
"""
