"""Dense poses that DensePose found before."""
