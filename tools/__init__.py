"""What builds, checks and measures this project. Nothing here is installed with lab_kernel."""
