/**
 * What is made of JMH's json: RESULTS.md with its charts, and the comparison of two files.
 *
 * <p>A ratio is a contestant's time over that of vector: above 1, vector is faster.
 */
package io.softlane.benchmarks.report;
