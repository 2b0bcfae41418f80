"""A letter that is not in the product, built as CONTRIBUTING.md says ("A new letter"): 约谈通知书.

It stands in a package of its own and reaches the product by `letters.register` alone.
"""
