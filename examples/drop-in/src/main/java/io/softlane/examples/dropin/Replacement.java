package io.softlane.examples.dropin;

import java.util.List;

/**
 * One library.
 *
 * @param library its name and version
 * @param seam where it lets the caller in
 * @param changed the line that changes
 * @param shapes where it is timed
 */
public record Replacement(String library, String seam, String changed, List<Shape> shapes) {}
