"""What a region or page is told: frozen dataclasses made from the picture, nothing else."""
