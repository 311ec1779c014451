"""The past of one ticket: replay at any point, differences, explanations, why."""
