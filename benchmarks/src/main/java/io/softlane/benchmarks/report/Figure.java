package io.softlane.benchmarks.report;

/**
 * A picture of a page.
 *
 * @param alt what it shows, in words
 */
record Figure(String name, String alt, String svg) {}
