"""Users' functions run on arrays without numbers: what they compute, as arrays over terms.

Python itself runs the code, so classes, helpers, loops and caches need nothing of ours; only
what touches an array comes here. No NumPy is imported: its protocols call us.
"""
