"""What is typed and uploaded about policies, a module for each subject."""
