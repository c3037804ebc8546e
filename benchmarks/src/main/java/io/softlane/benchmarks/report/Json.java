package io.softlane.benchmarks.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Json as maps and lists; whatever is not as expected is {@link BadInput} that names the file. */
final class Json {
  private Json() {}

  static Object read(Path file) {
    String text;
    try {
      text = Files.readString(file, StandardCharsets.UTF_8);
    } catch (NoSuchFileException e) {
      throw new BadInput(file + ": no such file");
    } catch (IOException e) {
      throw new BadInput(file + ": cannot be read as text");
    }
    try {
      return JSON.std.anyFrom(text);
    } catch (JsonProcessingException e) {
      int line = e.getLocation() == null ? 1 : e.getLocation().getLineNr();
      throw new BadInput(file + ": no json, line " + line + ": " + e.getOriginalMessage());
    } catch (IOException e) {
      throw new BadInput(file + ": no json");
    }
  }

  static Map<?, ?> map(Path file, Object value, String what) {
    if (value instanceof Map<?, ?> map) {
      return map;
    }
    throw new BadInput(file + ": " + what + " is missing or no object");
  }

  static List<?> list(Path file, Object value, String what) {
    if (value instanceof List<?> list) {
      return list;
    }
    throw new BadInput(file + ": " + what + " is missing or no array");
  }

  static double number(Path file, Object value, String what) {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw new BadInput(file + ": " + what + " is missing or no number");
  }

  static String string(Path file, Object value, String what) {
    if (value instanceof String string) {
      return string;
    }
    throw new BadInput(file + ": " + what + " is missing or no string");
  }
}
