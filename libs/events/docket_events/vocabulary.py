"""The forms of what stands in events for ever: ids, references, versions and codes.

None has room for what a person writes: no space, no `@`. What a person writes is a content.
"""

ID = r"[0-9A-Za-z](?:[0-9A-Za-z._:|/+=~-]*[0-9A-Za-z=])?"
"""The name that systems give a person, an account or a license; not that of a person."""

REFERENCE = r"[0-9A-Za-z#](?:[0-9A-Za-z._:/#()+-]*[0-9A-Za-z)])?"
"""The name of an entry elsewhere, such as a planned correction, an agreement or a law."""

VERSION = r"[0-9][0-9A-Za-z.+_-]*"
"""The version of a product."""

CODE = r"[a-z]+(?:_[a-z]+)*"
"""A word of a list, such as a kind of issue."""

LONGEST_ID = 200
LONGEST_REFERENCE = 100
LONGEST_VERSION = 40
LONGEST_CODE = 60
