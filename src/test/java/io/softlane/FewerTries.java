package io.softlane;

import net.jqwik.api.ShrinkingMode;
import net.jqwik.api.lifecycle.AroundPropertyHook;
import net.jqwik.api.lifecycle.PropagationMode;
import net.jqwik.api.lifecycle.PropertyAttributes;
import net.jqwik.api.lifecycle.PropertyExecutionResult;
import net.jqwik.api.lifecycle.PropertyExecutor;
import net.jqwik.api.lifecycle.PropertyLifecycleContext;

/**
 * Cuts every property down to {@code -Dsoftlane.test.tries}, for mutation testing alone: there each
 * property runs once per mutant. The seed is fixed, so that two runs kill the same mutants, and
 * nothing is shrunk.
 */
public final class FewerTries implements AroundPropertyHook {
  private static final int TRIES = Integer.getInteger("softlane.test.tries", 0);

  @Override
  public PropertyExecutionResult aroundProperty(
      PropertyLifecycleContext context, PropertyExecutor property) {
    if (TRIES > 0) {
      PropertyAttributes attributes = context.attributes();
      attributes.setTries(Math.min(TRIES, attributes.tries().orElse(TRIES)));
      attributes.setSeed("1");
      attributes.setShrinking(ShrinkingMode.OFF);
    }
    return property.execute();
  }

  @Override
  public PropagationMode propagateTo() {
    return PropagationMode.ALL_DESCENDANTS;
  }
}
