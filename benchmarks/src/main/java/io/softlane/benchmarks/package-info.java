/** JMH benchmarks of Softlane: one class per operation, variants and shapes as parameters. */
package io.softlane.benchmarks;
