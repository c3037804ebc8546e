package io.softlane.examples.generate;

import io.softlane.Rows;
import io.softlane.Sampling;
import io.softlane.SoftmaxKernels;
import java.util.Locale;

/**
 * Where the model was least sure: the next character's probabilities, before and after the cuts.
 */
final class Picture {
  /** Characters that are shown, and before them of the text. */
  private static final int CHARACTERS = 12;

  private static final int BEFORE = 30;
  private static final int BAR = 20;

  private final Text text;
  private final Output output;

  private Picture(Text text, Output output) {
    this.text = text;
    this.output = output;
  }

  /** Draws it; the character that was drawn there has a mark. */
  static void draw(
      Text text, Passage passage, SoftmaxKernels kernels, Sampling how, Output output) {
    new Picture(text, output).draw(passage, kernels, how);
  }

  private void draw(Passage passage, SoftmaxKernels kernels, Sampling how) {
    int place = passage.openest();
    String before = text.characters(passage.codes(), Math.max(0, place - BEFORE), place);
    output.print("least sure after \"%s\":", before.replace("\n", "\\n"));
    output.print("  %-34s%s", "     before the cuts", "after them");
    float[] all = new float[passage.logits().length];
    kernels.softmax(passage.logits(), all);
    float[] left = Cuts.probabilities(kernels, passage.logits(), how);
    int k = Math.min(CHARACTERS, all.length);
    int[] likeliest = new int[k];
    kernels.topK(all, Rows.of(1, all.length), k, null, likeliest);
    int drawn = passage.codes()[place];
    boolean shown = false;
    double restBefore = 1;
    double restAfter = 1;
    for (int c : likeliest) {
      line(name(c), c == drawn, all[c], left[c]);
      shown |= c == drawn;
      restBefore -= all[c];
      restAfter -= left[c];
    }
    if (!shown) {
      line(name(drawn), true, all[drawn], left[drawn]);
      restBefore -= all[drawn];
      restAfter -= left[drawn];
    }
    line("rest", false, Math.max(0, restBefore), Math.max(0, restAfter));
  }

  private String name(int c) {
    char character = text.alphabet().charAt(c);
    return switch (character) {
      case '\n' -> "\\n";
      case ' ' -> "' '";
      default -> " " + character;
    };
  }

  private void line(String name, boolean drawn, double before, double after) {
    String bar = bar(after);
    output.print(
        "%s %-4s %s%s   %s%s",
        drawn ? ">" : " ",
        name,
        bar(before),
        percent(before),
        drawn ? output.colour("green", bar) : bar,
        percent(after));
  }

  private static String percent(double p) {
    return p < 0.0005 ? " ".repeat(7) : String.format(Locale.ROOT, "%6.1f%%", 100 * p);
  }

  private String bar(double p) {
    String parts = output.blocks() ? " ▏▎▍▌▋▊▉█" : " #";
    int steps = parts.length() - 1;
    int filled = (int) Math.round(p * BAR * steps);
    String bar = parts.substring(steps).repeat(filled / steps);
    if (filled % steps > 0) {
      bar += parts.charAt(filled % steps);
    }
    return bar + " ".repeat(BAR - bar.length());
  }
}
