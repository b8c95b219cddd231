package org.gridwarden.mdm.vee;

import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.ZoneId;
import java.util.Optional;
import java.util.function.Consumer;
import org.gridwarden.mdm.loadfile.LoadFileException;
import org.gridwarden.mdm.validation.CivilTime;
import org.gridwarden.mdm.validation.Curve;

/**
 * Validation and estimation of a load file. Memory is bounded by one meter's lines, or by a part of
 * a file that mixes its meters; an output stands under its name only when it is whole.
 */
public final class FileRun {
  /** So many lines of a file that mixes its meters are held at once. */
  static final int LINES_IN_MEMORY = 2_000_000;

  private final RuleBook rules;
  private final String meterClass;
  private final Optional<ZoneId> zone;
  private final Consumer<String> progress;
  private final int linesInMemory;

  /**
   * @param meterClass whose rules of the book
   * @param zone whose days are meant; empty: those of the offsets that the lines bear
   * @param progress is told how it goes, often
   */
  public FileRun(
      RuleBook rules, String meterClass, Optional<ZoneId> zone, Consumer<String> progress) {
    this(rules, meterClass, zone, progress, LINES_IN_MEMORY);
  }

  FileRun(
      RuleBook rules,
      String meterClass,
      Optional<ZoneId> zone,
      Consumer<String> progress,
      int linesInMemory) {
    this.rules = rules;
    this.meterClass = meterClass;
    this.zone = zone;
    this.progress = progress;
    this.linesInMemory = linesInMemory;
  }

  /**
   * Reads, works and writes.
   *
   * @param report where an HTML report goes; empty: none is made
   * @param findings where a CSV of all findings goes; empty: none is made
   * @throws LoadFileException where the input cannot be used; nothing was written
   * @throws IOException where a file cannot be read or written; no output was begun in its place
   */
  public Summary run(Path in, Path out, Optional<Path> report, Optional<Path> findings)
      throws IOException, LoadFileException {
    FileScan scan = FileScan.of(in, n -> progress.accept("reading: " + n + " lines"));
    Summary summary = new Summary();
    VeeReport html = new VeeReport(rules.of(meterClass));
    Vee vee = new Vee(rules.of(meterClass));
    Timelines timelines = new Timelines(rules.holidays(), zone.map(CivilTime::of));
    Path partial = beside(out);
    Optional<Path> partialFindings = findings.map(FileRun::beside);
    try {
      try (BufferedWriter lines = Files.newBufferedWriter(partial, StandardCharsets.UTF_8);
          FindingLines found = new FindingLines(partialFindings)) {
        FinishedLines finished = new FinishedLines(lines, scan.csv().valueColumn());
        new MeterFeed(in, scan, linesInMemory)
            .run(meter -> {
              MeterLines.Assembled one = meter.assemble(scan.csv().unit(), timelines);
              MeterResult result = vee.run(one.meter(), one.curve(), one.context());
              Curve done = result.finished();
              finished.write(one, result, done);
              found.write(one, result);
              summary.add(result, done, one.repeated());
              if (report.isPresent()) {
                html.add(result, done);
              }
              progress.accept("meters: " + summary.meters() + " of " + scan.counts().size());
            });
      }
      if (report.isPresent()) {
        Path partialReport = beside(report.get());
        try {
          Files.writeString(partialReport, html.html(in, summary), StandardCharsets.UTF_8);
          move(partialReport, report.get());
        } finally {
          Files.deleteIfExists(partialReport);
        }
      }
      if (findings.isPresent()) {
        move(partialFindings.orElseThrow(), findings.get());
      }
      move(partial, out);
      return summary;
    } finally {
      Files.deleteIfExists(partial);
      if (partialFindings.isPresent()) {
        Files.deleteIfExists(partialFindings.get());
      }
    }
  }

  private static Path beside(Path file) {
    Path absolute = file.toAbsolutePath();
    return absolute.resolveSibling(
        "." + absolute.getFileName() + "." + ProcessHandle.current().pid() + ".part");
  }

  private static void move(Path from, Path to) throws IOException {
    Files.move(
        from,
        to.toAbsolutePath(),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }
}
