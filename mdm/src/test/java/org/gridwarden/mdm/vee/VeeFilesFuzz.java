package org.gridwarden.mdm.vee;

import com.code_intelligence.jazzer.api.FuzzedDataProvider;
import com.code_intelligence.jazzer.junit.FuzzTest;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import org.gridwarden.mdm.datafile.DataFileException;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.jspecify.annotations.Nullable;

/** Rule files and load files of any bytes: used, or refused with a line; never anything else. */
class VeeFilesFuzz {
  private static final String BEGIN_RULES = "classes: {household: {validation: {high: {";
  private static final String BEGIN_LOAD =
      "meter,start,kwh\nm,2026-03-29T00:00:00Z,1\nm,2026-03-29T00:15:00Z,2\nm,2026-03-2";
  private static final RuleBook SHIPPED = RuleBook.shipped();

  @FuzzTest(maxDuration = "10s")
  void anyBytesAreUsedOrRefused(FuzzedDataProvider data) throws IOException {
    boolean rules = data.consumeBoolean();
    String begin = data.consumeBoolean() ? "" : rules ? BEGIN_RULES : BEGIN_LOAD;
    byte[] rest = data.consumeRemainingAsBytes();
    byte[] bytes =
        Arrays.copyOf(begin.getBytes(StandardCharsets.UTF_8), begin.length() + rest.length);
    System.arraycopy(rest, 0, bytes, begin.length(), rest.length);
    if (rules) {
      try {
        RuleBook.read("fuzz.yaml", new String(bytes, StandardCharsets.UTF_8));
      } catch (DataFileException e) {
        require(e.getMessage());
      }
      return;
    }
    Path folder = Files.createTempDirectory("vee-fuzz");
    try {
      Path in = folder.resolve("in.csv");
      Files.write(in, bytes);
      new FileRun(SHIPPED, RuleBook.USUAL, Optional.empty(), line -> {})
          .run(in, folder.resolve("out.csv"), Optional.empty(), Optional.empty());
    } catch (LoadFileException e) {
      require(e.getMessage());
    } finally {
      try (var files = Files.list(folder)) {
        for (Path file : files.toList()) {
          Files.delete(file);
        }
      }
      Files.delete(folder);
    }
  }

  private static void require(@Nullable String message) {
    if (message == null || message.isBlank()) {
      throw new AssertionError("a refusal without words");
    }
  }
}
