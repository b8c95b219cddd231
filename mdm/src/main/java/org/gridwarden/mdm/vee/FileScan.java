package org.gridwarden.mdm.vee;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import org.gridwarden.mdm.loadfile.BadLine;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadCsv;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.loadfile.LoadLine;

/**
 * The first walk through a load file: every line is checked before anything is made of one.
 *
 * @param csv its form
 * @param counts how many lines each meter has, in the order in which the meters come first
 * @param grouped whether each meter's lines stand together
 * @param lines how many lines there are in all
 */
record FileScan(LoadCsv csv, Map<String, Integer> counts, boolean grouped, long lines) {
  private static final int SHOWN = 20;
  private static final int MOST_METERS = 5_000_000;
  private static final int EVERY = 1 << 16;

  static FileScan of(Path file, LongConsumer progress) throws IOException, LoadFileException {
    Map<String, Integer> counts = new LinkedHashMap<>();
    List<String> problems = new ArrayList<>();
    long bad = 0;
    boolean grouped = true;
    String last = "";
    long good = 0;
    try (BoundedLines lines = new BoundedLines(file)) {
      LoadCsv csv = LoadCsv.header(lines.next());
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (line.isBlank()) {
          continue;
        }
        try {
          LoadLine one = csv.parse(line, Math.toIntExact(lines.number()));
          boolean known = counts.merge(one.meter(), 1, Integer::sum) > 1;
          grouped &= !known || one.meter().equals(last);
          last = one.meter();
          if (++good % EVERY == 0) {
            progress.accept(good);
          }
        } catch (BadLine e) {
          bad++;
          if (problems.size() < SHOWN) {
            problems.add("line " + lines.number() + ": " + e.getMessage());
          }
        }
        if (counts.size() > MOST_METERS) {
          throw new LoadFileException(file + " has more than " + MOST_METERS + " meters; split it");
        }
      }
      if (bad > 0) {
        throw new LoadFileException(
            bad
                + (bad == 1 ? " line of " : " lines of ")
                + file
                + " cannot be used; nothing was written",
            problems);
      }
      if (counts.isEmpty()) {
        throw new LoadFileException(file + " has a header and no line");
      }
      return new FileScan(csv, counts, grouped, good);
    }
  }
}
