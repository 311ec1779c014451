"""The OpenAPI 3.1 document, and what the routes alone cannot say.

`operations` has the operations of the verbs, `examples` an answer of each operation as the code
gives it, `document` puts them together. `refusals.json` is made by `make docs` from the rules.
"""
