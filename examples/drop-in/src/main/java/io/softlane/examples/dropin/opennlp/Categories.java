package io.softlane.examples.dropin.opennlp;

import io.softlane.examples.dropin.Difference;
import io.softlane.examples.dropin.Replacement;
import io.softlane.examples.dropin.Shape;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import opennlp.tools.doccat.DoccatFactory;
import opennlp.tools.doccat.DoccatModel;
import opennlp.tools.doccat.DocumentCategorizer;
import opennlp.tools.doccat.DocumentCategorizerME;
import opennlp.tools.doccat.DocumentSample;
import opennlp.tools.ml.maxent.GISModel;
import opennlp.tools.ml.model.MaxentModel;
import opennlp.tools.util.CollectionObjectStream;
import opennlp.tools.util.TrainingParameters;

/** A document categorizer, trained here on twenty short documents of each category. */
public final class Categories {
  static final int CATEGORIES = 20;
  private static final int MANY_CATEGORIES = 200;
  private static final int DOCUMENTS = 20;
  private static final int WORDS = 12;
  private static final int OWN_WORDS = 15;
  private static final int COMMON_WORDS = 300;
  private static final String LANGUAGE = "en";

  private final DoccatModel model;
  private final GISModel maxent;
  private final List<DocumentSample> samples;

  private Categories(DoccatModel model, List<DocumentSample> samples) {
    this.model = model;
    this.samples = samples;
    maxent = (GISModel) model.getMaxentModel();
  }

  /** Trains on documents half of whose words are those of their category. */
  static Categories train(int categories) {
    List<DocumentSample> samples = new ArrayList<>();
    SplittableRandom random = new SplittableRandom(7);
    for (int d = 0; d < categories * DOCUMENTS; d++) {
      int category = d % categories;
      String[] words = new String[WORDS];
      for (int w = 0; w < WORDS; w++) {
        words[w] =
            random.nextBoolean()
                ? "word" + random.nextInt(COMMON_WORDS)
                : "word" + category + "of" + random.nextInt(OWN_WORDS);
      }
      samples.add(new DocumentSample("category" + category, words));
    }
    TrainingParameters parameters = new TrainingParameters();
    parameters.put(TrainingParameters.ITERATIONS_PARAM, 50);
    parameters.put(TrainingParameters.CUTOFF_PARAM, 1);
    try {
      DoccatModel model =
          DocumentCategorizerME.train(
              LANGUAGE, new CollectionObjectStream<>(samples), parameters, new DoccatFactory());
      return new Categories(model, samples);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  GISModel maxent() {
    return maxent;
  }

  List<DocumentSample> samples() {
    return samples;
  }

  DocumentCategorizer before() {
    return new DocumentCategorizerME(model);
  }

  /** The line that changes wraps the model of the categorizer. */
  DocumentCategorizer after() {
    MaxentModel softmax = new SoftmaxModel(maxent);
    return new DocumentCategorizerME(
        new DoccatModel(LANGUAGE, softmax, Map.of(), model.getFactory()));
  }

  /** Whole documents, as they come: words to features to scores to probabilities. */
  public static Replacement replacement() {
    return new Replacement(
        "OpenNLP 2.5.4",
        "the `MaxentModel` that a `DoccatModel` is made of",
        "`model` to `new SoftmaxModel(model)`, its exponentials to `Doubles.softmax(KERNELS, scores, n)`",
        List.of(shape(CATEGORIES), shape(MANY_CATEGORIES)));
  }

  private static Shape shape(int number) {
    Categories categories = train(number);
    List<String[]> documents = categories.samples.stream().map(DocumentSample::getText).toList();
    DocumentCategorizer before = categories.before();
    DocumentCategorizer after = categories.after();
    return new Shape(
        "categorize, " + number + " categories",
        new Turns(documents, before),
        new Turns(documents, after),
        () -> Difference.between(all(documents, before), all(documents, after)));
  }

  /** The features that the bag of words makes of a document. */
  static String[] features(String[] words) {
    String[] features = new String[words.length];
    for (int i = 0; i < words.length; i++) {
      features[i] = "bow=" + words[i];
    }
    return features;
  }

  private static double[] all(List<String[]> documents, DocumentCategorizer categorizer) {
    return documents.stream()
        .map(categorizer::categorize)
        .flatMapToDouble(Arrays::stream)
        .toArray();
  }

  /** Another document at each call. */
  private static final class Turns implements Runnable {
    private final List<String[]> documents;
    private final DocumentCategorizer categorizer;
    private int next;

    Turns(List<String[]> documents, DocumentCategorizer categorizer) {
      this.documents = documents;
      this.categorizer = categorizer;
    }

    @Override
    public void run() {
      categorizer.categorize(documents.get(next));
      next = next + 1 == documents.size() ? 0 : next + 1;
    }
  }
}
