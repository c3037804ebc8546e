/**
 * Softlane in the place of other libraries' softmax: each package below has the seam of one
 * library, once as the library does it and once with the kernels.
 */
package io.softlane.examples.dropin;
