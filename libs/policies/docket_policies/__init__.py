"""What the support terms say: packs of dated rules as data, and the arithmetic of their time.

Pure functions and data: a history and a policy in, clocks, deadlines and rights out, each with its
clause. Every reading of an ambiguous clause that can change a number is a field of the pack.
"""
