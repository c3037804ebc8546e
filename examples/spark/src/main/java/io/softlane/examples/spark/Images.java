package io.softlane.examples.spark;

/**
 * Some images as they stand in their file, a byte per pixel.
 *
 * @param pixels row-major, one image per row
 * @param white the largest value of a pixel
 * @param labels what each image shows
 */
record Images(byte[] pixels, int white, byte[] labels) {}
