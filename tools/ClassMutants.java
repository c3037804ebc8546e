import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.pitest.classinfo.ClassName;
import org.pitest.mutationtest.EngineArguments;
import org.pitest.mutationtest.engine.Mutater;
import org.pitest.mutationtest.engine.MutationDetails;
import org.pitest.mutationtest.engine.gregor.config.GregorEngineFactory;

/**
 * Changes a class one instruction at a time, as PIT does, and asks whether a test notices; see
 * tools/class-mutants, which runs it. Each mutant is loaded by a class loader of its own, with
 * everything that names it: so the copies of Pipeline, which are made from its class file, are
 * mutants too, and constants of a mutant are computed anew. PIT itself changes classes where they
 * are.
 */
final class ClassMutants {
  private static final String OURS = "io.softlane.";
  private static final int AGAIN = 3;

  /** Longer than any of the tests takes; an endless loop is then noticed. */
  private static final int MILLIS = 120_000;

  private static final class Loader extends URLClassLoader {
    private final String mutated;
    private final byte[] bytes;

    Loader(URL[] classes, String mutated, byte[] bytes) {
      super(classes, ClassMutants.class.getClassLoader());
      this.mutated = mutated;
      this.bytes = bytes;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        Class<?> loaded = findLoadedClass(name);
        if (loaded != null || !name.startsWith(OURS)) {
          return loaded != null ? loaded : super.loadClass(name, resolve);
        }
        return name.equals(mutated) ? defineClass(name, bytes, 0, bytes.length) : findClass(name);
      }
    }

    @Override
    public InputStream getResourceAsStream(String name) {
      return name.equals(mutated.replace('.', '/') + ".class")
          ? new ByteArrayInputStream(bytes)
          : super.getResourceAsStream(name);
    }
  }

  public static void main(String[] arguments) throws Exception {
    URL[] urls = {
      Path.of("target/classes/").toUri().toURL(), Path.of("target/test-classes/").toUri().toURL()
    };
    Path report = Path.of(arguments[0]);
    String type = OURS + arguments[1];
    List<String> tests = List.of(arguments).subList(2, arguments.length);
    Mutater mutater =
        new GregorEngineFactory()
            .createEngine(EngineArguments.arguments().withMutators(List.of("DEFAULTS")))
            .createMutator(ClassMutants::bytes);
    List<MutationDetails> mutants = mutater.findMutations(ClassName.fromString(type));
    int done = (int) lines(report).stream().filter(line -> line.contains('>' + type + '<')).count();
    if (done == 0) {
      String failure = ask(new Loader(urls, type, bytes(type).orElseThrow()), tests);
      if (failure != null) {
        System.err.println("class-mutants: without a mutant, too: " + failure);
        System.exit(2);
      }
    }
    for (MutationDetails mutant : mutants.subList(done, mutants.size())) {
      byte[] bytes = mutater.getMutation(mutant.getId()).getBytes();
      String failure = ask(new Loader(urls, type, bytes), tests);
      Files.writeString(
          report, line(mutant, type, failure), StandardOpenOption.CREATE, StandardOpenOption.APPEND);
      System.err.printf("\r%s: %d of %d", arguments[1], ++done, mutants.size());
      if ("TIMED_OUT".equals(failure)) {
        Runtime.getRuntime().halt(AGAIN); // the thread cannot be stopped
      }
    }
    System.err.println();
    System.exit(0);
  }

  /** The JDK's classes too, of which some are in no file. */
  private static Optional<byte[]> bytes(String type) {
    String name = type.replace('.', '/') + ".class";
    try (InputStream in = ClassLoader.getSystemResourceAsStream(name)) {
      return in == null ? Optional.empty() : Optional.of(in.readAllBytes());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static List<String> lines(Path report) throws IOException {
    return Files.exists(report) ? Files.readAllLines(report) : List.of();
  }

  /** What the first test says that notices; null if none does. */
  private static String ask(Loader loader, List<String> tests) throws InterruptedException {
    List<String> failures = new ArrayList<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                for (String test : tests) {
                  run(loader, test);
                }
              } catch (InvocationTargetException e) {
                failures.add(String.valueOf(e.getCause()));
              } catch (Throwable e) {
                failures.add(String.valueOf(e));
              }
            });
    thread.setDaemon(true);
    thread.setContextClassLoader(loader);
    thread.start();
    thread.join(MILLIS);
    if (thread.isAlive()) {
      return "TIMED_OUT";
    }
    return failures.isEmpty() ? null : failures.getFirst();
  }

  /** A method of a test class, without parameters or, {@code method:number}, with one. */
  private static void run(Loader loader, String test) throws Exception {
    int dot = test.lastIndexOf('.');
    int colon = test.indexOf(':');
    String name = test.substring(dot + 1, colon < 0 ? test.length() : colon);
    Class<?> type = loader.loadClass(OURS + test.substring(0, dot));
    Class<?>[] parameters = colon < 0 ? new Class<?>[0] : new Class<?>[] {int.class};
    Method method;
    try {
      method = type.getDeclaredMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      method = type.getMethod(name, parameters); // of a contract
    }
    Object instance = null;
    if (!Modifier.isStatic(method.getModifiers())) {
      Constructor<?> constructor = type.getDeclaredConstructor();
      constructor.setAccessible(true);
      instance = constructor.newInstance();
    }
    method.setAccessible(true);
    if (colon < 0) {
      method.invoke(instance);
    } else {
      method.invoke(instance, Integer.parseInt(test.substring(colon + 1)));
    }
  }

  /** As PIT's own report has it, so that tools/survivors reads both. */
  private static String line(MutationDetails mutant, String type, String failure) {
    String status = failure == null ? "SURVIVED" : failure.equals("TIMED_OUT") ? failure : "KILLED";
    return ("<mutation status='%s'><mutatedClass>%s</mutatedClass><mutatedMethod>%s</mutatedMethod>"
            + "<methodDescription>%s</methodDescription><lineNumber>%d</lineNumber>"
            + "<mutator>%s</mutator><indexes><index>%d</index></indexes>"
            + "<description>%s</description></mutation>%n")
        .formatted(
            status,
            type,
            escape(mutant.getId().getLocation().getMethodName()),
            escape(mutant.getId().getLocation().getMethodDesc()),
            mutant.getLineNumber(),
            mutant.getMutator(),
            mutant.getFirstIndex(),
            escape(mutant.getDescription()));
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;");
  }
}
