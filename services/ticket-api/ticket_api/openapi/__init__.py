"""The OpenAPI 3.1 document: what routes cannot say of themselves, and the document as a whole.

`commands` has the operations of the verbs, `examples` an answer of each operation as the code gives
it, `whole` puts them together. `refusals.json` is made by `make docs` from the rules.
"""
