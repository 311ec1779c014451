"""Who is served, with what, by which terms: every question before and beside the clock.

One pure function a question; the numbers, lists and dates stand in the data of each edition.
"""
