"""Tools for making and testing one's own lexicon: suggestions, differences, coders' sheets."""
