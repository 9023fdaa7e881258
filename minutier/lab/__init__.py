"""The lab's profile: the same runs, readings and rules as on a laptop, as jobs that many machines share."""
