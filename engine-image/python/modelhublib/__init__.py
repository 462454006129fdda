"""What models of the first ModelHub.AI import; the engine runs them as they are."""
