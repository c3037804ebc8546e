package io.softlane.examples.dropin;

import java.util.function.Supplier;

/**
 * One size at which a replacement is timed.
 *
 * @param name what is called, and how large
 * @param before the library's own call
 * @param after the same with the kernels
 * @param difference how far the two results lie apart, in words
 */
public record Shape(String name, Runnable before, Runnable after, Supplier<?> difference) {}
