package org.gridwarden.mdm.vee;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.gridwarden.mdm.loadfile.BadLine;
import org.gridwarden.mdm.loadfile.BoundedLines;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.loadfile.LoadLine;

/**
 * The second walk: each meter's lines, one meter at a time, in the order in which the meters come
 * first. Where a file mixes its meters, its lines are first sorted into parts on the disk that each
 * hold whole meters and fit into memory.
 */
final class MeterFeed {
  private static final int MOST_PARTS = 256;

  private final Path file;
  private final FileScan scan;
  private final int linesInMemory;

  MeterFeed(Path file, FileScan scan, int linesInMemory) {
    this.file = file;
    this.scan = scan;
    this.linesInMemory = linesInMemory;
  }

  /** Takes a meter. */
  interface Taker {
    void take(MeterLines meter) throws IOException, LoadFileException;
  }

  void run(Taker taker) throws IOException, LoadFileException {
    if (scan.grouped()) {
      inOrder(taker);
    } else if (scan.lines() <= linesInMemory) {
      mixed(file, true, taker);
    } else {
      inParts(taker);
    }
  }

  private void inOrder(Taker taker) throws IOException, LoadFileException {
    try (BoundedLines lines = new BoundedLines(file)) {
      lines.next();
      MeterLines meter = new MeterLines("");
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          LoadLine one = parse(line, (int) lines.number());
          if (!one.meter().equals(meter.meter())) {
            if (meter.count() > 0) {
              taker.take(meter);
            }
            meter = new MeterLines(one.meter());
          }
          meter.add(one);
        }
      }
      taker.take(meter);
    }
  }

  private void mixed(Path part, boolean header, Taker taker) throws IOException, LoadFileException {
    Map<String, MeterLines> meters = new LinkedHashMap<>();
    try (BoundedLines lines = new BoundedLines(part)) {
      if (header) {
        lines.next();
      }
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          int comma = header ? -1 : line.indexOf(',');
          int number = header ? (int) lines.number() : Integer.parseInt(line.substring(0, comma));
          LoadLine one = parse(line.substring(comma + 1), number);
          meters.computeIfAbsent(one.meter(), MeterLines::new).add(one);
        }
      }
    }
    for (MeterLines meter : meters.values()) {
      taker.take(meter);
    }
  }

  private void inParts(Taker taker) throws IOException, LoadFileException {
    Map<String, Integer> partOf = new HashMap<>();
    long most = Math.max(linesInMemory, scan.lines() / MOST_PARTS + 1);
    int part = 0;
    long inPart = 0;
    for (Map.Entry<String, Integer> meter : scan.counts().entrySet()) {
      if (inPart > 0 && inPart + meter.getValue() > most) {
        part++;
        inPart = 0;
      }
      inPart += meter.getValue();
      partOf.put(meter.getKey(), part);
    }
    Path folder = Files.createTempDirectory("gridwarden-vee");
    List<Path> parts = new ArrayList<>();
    try {
      for (int i = 0; i <= part; i++) {
        parts.add(folder.resolve("part" + i));
      }
      sortInto(parts, partOf);
      for (Path one : parts) {
        mixed(one, false, taker);
        Files.delete(one);
      }
    } finally {
      for (Path one : parts) {
        Files.deleteIfExists(one);
      }
      Files.deleteIfExists(folder);
    }
  }

  private void sortInto(List<Path> parts, Map<String, Integer> partOf)
      throws IOException, LoadFileException {
    List<BufferedWriter> writers = new ArrayList<>();
    try (BoundedLines lines = new BoundedLines(file)) {
      for (Path one : parts) {
        writers.add(Files.newBufferedWriter(one, StandardCharsets.UTF_8));
      }
      lines.next();
      for (String line = lines.next(); line != null; line = lines.next()) {
        if (!line.isBlank()) {
          LoadLine one = parse(line, (int) lines.number());
          BufferedWriter to = writers.get(partOf.getOrDefault(one.meter(), 0));
          to.write(Long.toString(lines.number()));
          to.write(',');
          to.write(line);
          to.write('\n');
        }
      }
    } finally {
      for (BufferedWriter writer : writers) {
        writer.close();
      }
    }
  }

  private LoadLine parse(String line, int number) throws LoadFileException {
    try {
      return scan.csv().parse(line, number);
    } catch (BadLine e) {
      // the first walk has found no such line
      throw new LoadFileException(file + " changed while it was read; run again when it is whole");
    }
  }
}
