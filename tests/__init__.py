"""Tests of Ganvas, in the shape of the tree."""
