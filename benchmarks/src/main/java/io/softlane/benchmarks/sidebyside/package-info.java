/**
 * Two versions of the library in one JVM, in turn: what {@code benchmarks/side-by-side} runs.
 *
 * <p>Nothing here but {@link io.softlane.benchmarks.sidebyside.Calls} knows the library, and that
 * class is loaded once for each version; nothing needs more than a JDK.
 */
package io.softlane.benchmarks.sidebyside;
