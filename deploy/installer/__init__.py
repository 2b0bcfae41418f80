"""The steps of deploy/install. Standard library only: they run before anything is installed."""
