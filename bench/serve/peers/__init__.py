"""What runs in the peers' own environments: nothing of modelwright can be imported there."""
