"""TRUSTED where a theorem has conditions: the values of terms at a point, exact or in intervals.

The checker asks for them at a witness, so that no theorem is about nothing; no law rests on them.
"""
